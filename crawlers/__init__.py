"""How listings are found."""
