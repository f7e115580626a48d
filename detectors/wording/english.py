"""The reasons of a clue in English, told from the record alone; gates keep their Chinese ones."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from detectors import logo
from detectors.assess import REVIEW, stolen_photo
from detectors.assessment.signs import MISTAKES
from detectors.image import PART, RADIUS
from detectors.wording import explaining, hanzi, pictured
from detectors.wording.names import LONGEST
from pipeline.assessed import Gate, GateName, Result, Sign, Tier
from pipeline.matches import Cue, Disguise, Likeness, Match, Pair
from pipeline.normalise import fold
from pipeline.records import HASH_BITS, Clue

FIELDS = {
    "title": "Title",
    "brand": "Brand",
    "shop": "Shop name",
    "description": "Description",
}
WHOLE: Mapping[str, str] = {
    Disguise.PINYIN: "written in pinyin",
    Disguise.INITIALS: "written as the initials of its pinyin",
    Disguise.SHUFFLED: "the same characters in another order",
    Disguise.MISSPELT: "one or two letters misspelt",
    Disguise.HOMOGLYPH: "letters or digits that look alike, one or two of them different",
}
SIGNS = {
    Sign.CONTRADICTION: "The page contradicts itself, or the season.",
    Sign.STANDARD: "It names another product standard than the right's own.",
    Sign.PRICE: "It costs less than half of the lowest price on the list.",
    Sign.EXPIRED_LICENCE: "The shop's licence had run out.",
    Sign.SPECIAL_MARK: "It claims the special mark from outside the area.",
}
"""The others are told with the words or the gate that show them."""
SHOWN = {
    Likeness.SAME: "{seen}={meant}",
    Likeness.SCRIPT: "{seen}≈{meant} ({script})",
    Likeness.SOUND: "{seen}≈{meant} (same sound {heard})",
    Likeness.NEAR_SOUND: "{seen}≈{meant} (similar sound {heard})",
    Likeness.PINYIN: "{seen}≈{meant} (pinyin {heard})",
    Likeness.INITIAL: "{seen}≈{meant} (initial of {heard})",
    Likeness.SHAPE: "{seen}≈{meant} (looks alike)",
    Likeness.SPLIT: "{seen}≈{meant} (its parts side by side)",
    Likeness.EMOJI: "{seen}≈{meant} (emoji)",
    Likeness.OTHER: "“{seen}” in place of “{meant}”",
    Likeness.MISSING: "“{meant}” left out",
    Likeness.EXTRA: "“{seen}” put in",
}
SAID = {
    Cue.PUBLICATION: "tells of a book or the like about it",
    Cue.RECIPE: "tells of a recipe or a course",
    Cue.ACCESSORY: "says what the goods are meant for",
    Cue.NEGATION: "denies the name",
    Cue.RESALE: "tells of a sale at second hand",
    Cue.INGREDIENT: "tells of an ingredient",
    Cue.SEEDLING: "tells of seed or seedlings",
    Cue.EVOCATION: "likens the goods to it",
    Cue.PLACE: "tells of a place",
    Cue.OTHER_SENSE: "has an ordinary sense as well",
}
GATES = {
    (GateName.RIGHT_IN_FORCE, Result.FAIL): "The right was not in force on that day.",
    (GateName.AUTHORISATION, Result.FAIL): "The shop is on the list of official or licensed ones.",
    (GateName.GOODS, Result.PASS): "The goods are those of the right, or of their kind.",
    (GateName.GOODS, Result.FAIL): "The goods on sale are not those of the right.",
    (GateName.GOODS, Result.UNKNOWN): "Whether the goods are those of the right is not settled.",
    (GateName.ORIGIN, Result.PASS): "Origin named on the page is outside the protected area.",
    (GateName.ORIGIN, Result.FAIL): "Origin named on the page is inside the protected area.",
}
TIERS = {Tier.HIGH: "High.", Tier.REVIEW: "For review.", Tier.LOW: "Low.", Tier.CLEARED: "Cleared."}


def in_english(clue: Clue) -> Clue:
    """The clue with English reasons, its own and those of its matches."""
    matches = tuple(replace(match, reason=match_sentence(match)) for match in clue.matches)
    return replace(clue, reason=clue_sentence(clue), matches=matches)


def match_sentence(match: Match) -> str:
    """One plain English sentence that shows the alignment, character by character."""
    if match.seen is None or match.meant is None or match.span is None:
        return _picture(match)
    place = f"{_place(match.field, match.span)}{_done(match)}: “{match.seen}”"
    if match.seen.casefold() == match.meant.casefold():
        return f"{place} is the protected name “{match.meant}”."
    shown = "; ".join(filter(None, (_shown(match), _between(match), _rest(match))))
    return f"{place} resembles the protected name “{match.meant}”{shown and ': '}{shown}."


def _place(field: str, span: tuple[int, int]) -> str:
    if pictured.is_pictured(field):
        return f"Text in picture {pictured.number_of(field) + 1}"
    return f"{FIELDS.get(field, field)}, {_characters(*span)}"


def _done(match: Match) -> str:
    return f" ({', '.join(match.edits)})" if match.edits else ""


def _picture(match: Match) -> str:
    number = pictured.number_of(match.field) + 1
    done = _done(match)
    if match.method == logo.METHOD:
        return (
            f"Picture {number} bears a logo like the right's picture “{match.right_image}”{done}."
        )
    if match.inliers:
        part = "" if match.score > PART else " a part of"
        return (
            f"Picture {number} shows{part} the right's picture “{match.right_image}”{done}:"
            f" {match.inliers} features agree on how it lies there."
        )
    return (
        f"Picture {number} resembles the right's picture “{match.right_image}”: by {match.method}"
        f" {match.distance} of {HASH_BITS} bits apart, where up to {RADIUS} are the same picture."
    )


def _characters(start: int, end: int) -> str:
    return f"characters {start + 1}–{end}" if end - start > 1 else f"character {end}"


def _shown(match: Match) -> str:
    if not match.pairs:
        return "".join(WHOLE.get(each, "") for each in match.disguises[:1])
    if any(map(hanzi.is_han, match.meant or "")):
        return " ".join(map(_pair, match.pairs))
    other = explaining.differing(match.pairs)
    if explaining.is_restyled(other):
        return "the same letters" + (" in full-width or fancy forms" if other else "")
    return " ".join(map(_pair, other))


def _pair(pair: Pair) -> str:
    heard = "/".join(reversed(explaining.heard(pair.meant, pair.seen)))
    is_han = hanzi.is_han(pair.seen[:1] or " ")
    script = "traditional or variant form" if is_han else "look-alike character"
    return SHOWN[pair.likeness].format(seen=pair.seen, meant=pair.meant, heard=heard, script=script)


def _between(match: Match) -> str:
    seen, (_, end) = match.seen or "", match.span or (0, 0)
    noise = explaining.noise(seen.rjust(end), match.pairs)  # places as in the field
    named = ", ".join(dict.fromkeys(map(_named, noise)))
    return f"{named} between the characters" if named else ""


def _named(character: str) -> str:
    if character == "\n":
        return "a new line"
    if character.isspace():
        return "spaces"
    return "invisible characters" if explaining.is_hidden(character) else f"“{character}”"


def _rest(match: Match) -> str:
    """What of the name was not compared, and why."""
    name = fold(match.meant or "").text
    compared = _compared(match, name)
    if not name[compared:]:
        return ""
    is_core = compared < LONGEST if not match.pairs else match.disguises[-1:] == (Disguise.TORN,)
    if is_core:
        return f"the goods “{name[compared:]}” stand elsewhere in the listing"
    return f"only the first {compared} characters were compared"


def _compared(match: Match, name: str) -> int:
    """How many of the name's characters, from the first, were looked for at this place."""
    if match.pairs:
        return sum(len(pair.meant) for pair in match.pairs)
    seen = fold(match.seen or "").text
    is_shuffled = match.disguises == (Disguise.SHUFFLED,) and not _is_pictured(match, name)
    return len(seen) if is_shuffled and sorted(seen) == sorted(name[: len(seen)]) else len(name)


def _is_pictured(match: Match, name: str) -> bool:
    """Whether an emoji at either end is a word of the name: 牛花🍎 is all of it, 牛🍎花 is not."""
    ends = {*(match.seen or "")[:1], *(match.seen or "")[-1:]}
    words = (word for sign in ends for word in hanzi.emoji().get(sign, ()))
    return any(len(word) > 1 and word in name for word in words)


def clue_sentence(clue: Clue) -> str:
    """The likeliest match, what else speaks for the clue, what speaks against it, and its tier."""
    best = max(clue.matches, key=lambda match: match.score)
    in_favour_first = sorted(clue.gates, key=lambda gate: gate.result is not Result.PASS)
    told = (_gate(clue, gate) for gate in in_favour_first)
    return " ".join([match_sentence(best), *_signs(clue), *filter(None, told), _tier(clue)])


def _signs(clue: Clue) -> Iterator[str]:
    hidden = (match.seen for match in clue.matches if set(match.disguises) - MISTAKES)
    if seen := next(hidden, None):
        yield f"“{seen}” is a disguise."
    shop = clue.listing.shop.name if clue.listing else None
    if photo := stolen_photo(clue.matches, shop, clue.gates):
        yield f"It is the right's own photo “{photo}” in a shop that is on no known list, perhaps"
        yield "stolen; that alone does not show that the goods are false."
    if word := _word(clue, Cue.CODE_WORD):
        yield f"“{word}” is a code word."
    if (word := _word(clue, Cue.CLAIM)) and not _is_listed(clue):
        yield f"The seller claims “{word}” but is on no known list."
    yield from (SIGNS[each.sign] for each in clue.indications if each.sign in SIGNS)


def _word(clue: Clue, cue: Cue) -> str | None:
    said = (each for match in clue.matches for each in match.context)
    return next((each.word for each in said if each.cue is cue), None)


def _is_listed(clue: Clue) -> bool:
    return any(
        gate.gate is GateName.AUTHORISATION and gate.result is Result.FAIL for gate in clue.gates
    )


def _gate(clue: Clue, gate: Gate) -> str | None:
    if gate.gate is not GateName.USE_AS_MARK or gate.result is Result.PASS:
        return GATES.get((gate.gate, gate.result))
    why = _use(clue, gate.reason)
    if gate.result is Result.UNKNOWN:
        return f"Whether it is used as a mark is for a person to judge: {why}."
    is_lawful = clue.cleared == gate.finding
    return f"{'Lawful use' if is_lawful else 'Perhaps lawful use'}: {why}."


def _use(clue: Clue, reason: str) -> str:
    """What the use is, by the word that the gate's own reason begins with."""
    for match in clue.matches:
        for context in match.context:
            if context.cue in SAID and reason.startswith(f"“{context.word}”"):
                return f"“{context.word}” {SAID[context.cue]}"
    seen = f"“{clue.matches[0].seen}”"
    return f"{seen} is a place" if reason.startswith(seen) else "the name may be no mark here"


def _tier(clue: Clue) -> str:
    """The screen lowers what is on trial and clears with a longer name; no gate tells that."""
    if clue.tier is Tier.LOW and clue.score >= REVIEW:
        return "Low: the right is on trial, and this listing was not drawn."
    if clue.tier is not Tier.CLEARED or clue.cleared is None:
        return TIERS[clue.tier]
    defence = clue.cleared.replace("_", " ")
    failed = (gate.finding for gate in clue.gates if gate.result is Result.FAIL)
    longer = "" if clue.cleared in failed else " with a longer name that this one is part of"
    return f"Cleared{longer}: {defence}."
