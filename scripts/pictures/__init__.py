"""Derives what the picture detector knows of looks in general from pictures of your choice."""
