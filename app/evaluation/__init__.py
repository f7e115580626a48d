"""How good the detectors are: what they say of labelled listings, held against the labels."""

from app.evaluation.command import eval_command

__all__ = ["eval_command"]
