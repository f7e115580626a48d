"""Labelled pictures: other people's photos through every edit, and logos put on them."""
