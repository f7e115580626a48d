"""The wiring above the rooms: what the command line starts."""
