"""What all rooms share: records, ports and their adapters; imports none of the other three."""
