"""How people hear of clues, and what leaves the house."""
