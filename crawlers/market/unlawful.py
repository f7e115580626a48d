"""Items that misuse a protected name, a protected picture, or both."""

from dataclasses import dataclass
from random import Random

from crawlers.market.goods import Item, MarketRight, PictureSpec, Shop, Standing
from crawlers.market.names import conduct_of, disguised
from crawlers.market.tables import Sector, english_sector, sector_of, signs, voice
from crawlers.market.truth import Conduct, Expected, NameDisguise, PictureDisguise, Truth
from crawlers.market.workshop import Draft, Workshop


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who is wronged and how: by a spelling, by a picture, by evoking, or by several at once."""

    right: MarketRight
    conduct: Conduct
    seen: str | None = None
    evokes: bool = False
    name_disguise: NameDisguise | None = None
    picture_disguise: PictureDisguise | None = None


def unlawful(workshop: Workshop, wanted: int) -> list[tuple[Item, Truth]]:
    """`wanted` items that go round all disguises: of the name, of the picture, of both."""
    plans = (_plan(workshop, number) for number in range(wanted))
    return [_made(workshop, plan, sector_of(plan.right)) for plan in plans]


def unlawful_english(workshop: Workshop, wanted: int) -> list[tuple[Item, Truth]]:
    rights = [right for right in workshop.rights if right.latin]
    if not rights:
        return []
    plans = (_english_plan(workshop, rights, number) for number in range(wanted))
    return [_made(workshop, plan, english_sector(), "en") for plan in plans]


def _plan(workshop: Workshop, number: int) -> Plan:
    """Of 18 in a row 4 show a picture alone, 4 a picture and a name, 2 evoke, 8 write a name."""
    turn, pictures = number % 18, tuple(PictureDisguise)
    picture = pictures[(number // 18 * 8 + turn) % len(pictures)] if turn < 8 else None
    if turn < 4:
        right = workshop.chance.choice(workshop.rights)
        conduct = conduct_of(right, NameDisguise.PLAIN)
        return Plan(right=right, conduct=conduct, picture_disguise=picture)
    places = [right for right in workshop.rights if right.is_place_name]
    if turn >= 16 and places:
        return _evoking(workshop.chance.choice(places))
    names = tuple(NameDisguise)
    disguise = names[(number // 18 * 12 + turn - 4) % len(names)]
    return _naming(workshop, list(workshop.rights), disguise, picture)


def _naming(
    workshop: Workshop,
    rights: list[MarketRight],
    disguise: NameDisguise,
    picture: PictureDisguise | None = None,
) -> Plan:
    """A plan with this disguise on a right whose name has it; a plain one where none has."""
    workshop.chance.shuffle(rights)
    for right in rights:
        if seen := disguised(right, disguise, workshop.chance):
            return _named(right, seen, disguise, picture)
    return _named(rights[0], rights[0].name, NameDisguise.PLAIN, picture)


def _named(
    right: MarketRight, seen: str, disguise: NameDisguise, picture: PictureDisguise | None
) -> Plan:
    return Plan(
        right=right,
        conduct=conduct_of(right, disguise),
        seen=seen,
        name_disguise=disguise,
        picture_disguise=picture,
    )


def _evoking(right: MarketRight) -> Plan:
    return Plan(right=right, conduct=Conduct.GI_EVOCATION, seen=right.name, evokes=True)


def _english_plan(workshop: Workshop, rights: list[MarketRight], number: int) -> Plan:
    right = workshop.chance.choice(rights)
    if number % 4 == 0:
        return _named(right, right.latin[0], NameDisguise.PLAIN, None)
    if number % 4 == 1 and right.is_place_name:
        return Plan(right=right, conduct=Conduct.GI_EVOCATION, seen=right.latin[0], evokes=True)
    picture = PictureDisguise.RE_ENCODED if number % 4 == 2 else None
    return _naming(workshop, [right], NameDisguise.MISSPELT, picture)


def _made(
    workshop: Workshop, plan: Plan, sector: Sector, language: str = "zh"
) -> tuple[Item, Truth]:
    item = workshop.finish(_draft(workshop, plan, sector, language))
    return item, Truth(
        item_id=item.id,
        expected=Expected.CLUE,
        right_id=plan.right.id,
        conduct=plan.conduct,
        name_disguise=plan.name_disguise,
        picture_disguise=plan.picture_disguise,
    )


def _draft(workshop: Workshop, plan: Plan, sector: Sector, language: str) -> Draft:
    chance, spec = workshop.chance, workshop.chance.choice(sector.specs)
    # A plain name on a trademark's own goods is unlawful on its face only with a second sign.
    telling = plan.name_disguise is NameDisguise.PLAIN and not plan.right.is_place_name
    cheap = chance.random() < (0.5 if telling else 0.3)
    coded = language == "zh" and ((telling and not cheap) or chance.random() < 0.15)
    return Draft(
        title=workshop.unique_title(
            lambda: _title(chance, plan, sector, spec) + _code_word(chance, coded), language
        ),
        description=_description(chance, plan, spec, language),
        category=sector.path,
        brand=_brand(chance, plan, language),
        price=workshop.price(sector.price, 0.25 if cheap else 1.0),
        unit=spec,
        origin=_origin(chance, plan, sector),
        standard_no=_standard(chance, plan),
        shop=_shop(workshop, plan, language),
        pictures=_pictures(workshop, plan, sector, spec),
        language=language,
    )


def _title(chance: Random, plan: Plan, sector: Sector, spec: str) -> str:
    patterns = sector.titles if plan.seen else sector.innocent
    if plan.evokes:
        patterns = sector.evoking or sector.titles
    title = chance.choice(patterns).format(
        seen=plan.seen,
        goods=plan.right.goods[0],
        trait=chance.choice(sector.traits),
        word=chance.choice(signs().evoking_words),
    )
    return f"{title} {spec}"


def _code_word(chance: Random, wanted: bool) -> str:
    return f" {chance.choice(signs().code_words)}" if wanted else ""


def _brand(chance: Random, plan: Plan, language: str) -> str | None:
    if plan.name_disguise is NameDisguise.PLAIN and chance.random() < 0.5:
        return plan.seen
    return chance.choice(voice(language).brands) if chance.random() < 0.5 else None


def _description(chance: Random, plan: Plan, spec: str, language: str) -> str:
    if language == "en":
        return f"Red apples, packed to order, {spec}."
    claims = plan.seen and not plan.evokes and chance.random() < 0.35
    claim = chance.choice(signs().claims) if claims else ""
    return f"{plan.right.goods[0]}，规格{spec}。{claim}"


def _origin(chance: Random, plan: Plan, sector: Sector) -> str | None:
    open_about_it = plan.evokes or plan.name_disguise in {None, NameDisguise.PLAIN}
    told = open_about_it or chance.random() < 0.7
    return chance.choice(sector.origins) if told else None


def _standard(chance: Random, plan: Plan) -> str | None:
    if plan.right.is_place_name and chance.random() < 0.25:
        return chance.choice(signs().wrong_standards)
    return None


def _shop(workshop: Workshop, plan: Plan, language: str) -> Shop:
    standings = (Standing.ENGLISH,) if language == "en" else (Standing.ORDINARY,)
    if language == "zh" and plan.seen and workshop.chance.random() < 0.5:
        standings = (Standing.PRETENDER,)
    shop = workshop.shop(standings, plan.right) or workshop.shop([Standing.ORDINARY])
    if shop is None:
        raise ValueError(f"no shop to sell {plan.right.name}")
    return shop


def _pictures(workshop: Workshop, plan: Plan, sector: Sector, spec: str) -> tuple[PictureSpec, ...]:
    words = (plan.right.goods[0], workshop.chance.choice(sector.traits), spec)
    own = workshop.pictures(sector.shape, words, most=2)
    if plan.picture_disguise is None:
        return own
    taken = workshop.taken_picture(plan.right, plan.picture_disguise, sector.shape, words)
    return (taken, *own) if workshop.chance.random() < 0.75 else (own[0], taken)
