"""What makes a listing suspicious."""
