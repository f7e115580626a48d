"""Text from the web made harmless to show: on a terminal, in a log line, on a page."""

import unicodedata

HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
KEPT = {"\u200d", "\ufe0f"}  # emoji are joined with these


def plain(text: str) -> str:
    """The text on one line, with every control, escape and direction mark shown as �."""
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character in "\n\t\r":
        return " "
    if character in KEPT or unicodedata.category(character) not in HIDDEN:
        return character
    return "\ufffd"
