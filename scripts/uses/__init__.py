"""Learns from labelled titles how a title uses a name."""
