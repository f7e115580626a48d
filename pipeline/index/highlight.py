"""Where the words of a query stand in a text, in code points of the text as given."""

from collections.abc import Iterator, Mapping, Sequence

from pipeline.normalise import fold


def highlights(texts: Mapping[str, str], words: Sequence[str]) -> tuple[tuple[str, int, int], ...]:
    """Every place of every word, in the order of the texts."""
    folded_words = [word for word in (fold(each).text for each in words) if word]
    return tuple(
        (field, start, end)
        for field, text in texts.items()
        for start, end in sorted(_places(text, folded_words))
    )


def _places(text: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    folded = fold(text)
    for word in words:
        start = folded.text.find(word)
        while start >= 0:
            yield folded.span(start, start + len(word))
            start = folded.text.find(word, start + len(word))
