"""The review feed: reads the index, publishes verdicts to the bus, owns no truth."""
