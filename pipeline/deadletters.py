"""What was set aside: listed with its reason, and sent again when asked."""

from collections.abc import Iterator

from pipeline import codec
from pipeline.bus import Bus, Topic, history
from pipeline.stage import DeadLetter

GROUP = "deadletters-retry"


def letters(bus: Bus) -> Iterator[DeadLetter]:
    """Every dead letter there is, the oldest first."""
    for message in history(bus, Topic.DEADLETTERS):
        yield codec.unpack(message.body, DeadLetter)


def retry(bus: Bus) -> int:
    """Publishes each letter not yet retried to the topic it came from; returns how many."""
    reader = bus.reader(Topic.DEADLETTERS, GROUP)
    sent = 0
    try:
        while reader.behind():
            messages = reader.poll(0.5)
            for message in messages:
                letter = codec.unpack(message.body, DeadLetter)
                bus.publish(letter.topic, letter.key, letter.body)
                reader.commit([message])
                sent += 1
    finally:
        reader.close()
    return sent
