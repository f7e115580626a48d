"""Groups of goods words: what means the same, and of which classes a word is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence


def classes_by_word(
    by_class: Mapping[int, Sequence[str]], groups: Sequence[Sequence[str]]
) -> dict[str, frozenset[int]]:
    """A word that stands in groups only has the classes of its first group's usual name."""
    found: dict[str, frozenset[int]] = {}
    for number, words in by_class.items():
        for word in words:
            found[word] = found.get(word, frozenset()) | {number}
    for group in groups:
        usual = next((found[word] for word in group if word in found), frozenset[int]())
        for word in group:
            found.setdefault(word, usual)
    return found


def same_goods(
    groups: Iterable[Sequence[str]], broad: Iterable[Sequence[str]], clear: frozenset[str]
) -> dict[str, frozenset[str]]:
    """A doubtful single character has the words of its group and is none of theirs."""
    found: dict[str, set[str]] = {}
    for group in groups:
        for word in group:
            found.setdefault(word, {word}).update(_plain(group, clear))
    for whole, *parts in broad:
        found.setdefault(whole, {whole}).update(_plain(parts, clear))
        for part in parts:
            found.setdefault(part, {part}).update(_plain([whole], clear))
    return {word: frozenset(words) for word, words in found.items()}


def _plain(group: Iterable[str], clear: frozenset[str]) -> Iterator[str]:
    return (word for word in group if len(word) > 1 or word in clear)
