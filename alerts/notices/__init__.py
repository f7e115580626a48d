"""Letters to platforms: composed by the system, signed by a person."""
