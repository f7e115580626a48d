"""The steps from a match to a clue, each a small pure question (domain.md §2)."""
