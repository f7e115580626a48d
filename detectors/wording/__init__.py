"""How names are written: as the list has them, and in every disguise that sellers give them."""
