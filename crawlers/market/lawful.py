"""Items that mention a protected name, or its place, and break no law."""

from collections.abc import Sequence

from crawlers.market.goods import Item, MarketRight, PictureSpec, Shape, Shop
from crawlers.market.tables import LawfulTemplate, lawful_templates, sector_of
from crawlers.market.truth import Expected, LawfulKind, PictureDisguise, Truth
from crawlers.market.workshop import Draft, Workshop

# The rows whose default in the handbook is that a person must judge.
TO_BE_REVIEWED = frozenset(
    {LawfulKind.UNLISTED_INSIDE, LawfulKind.INGREDIENT, LawfulKind.SAPLING, LawfulKind.PRIOR_USE}
)

Choice = tuple[LawfulTemplate, MarketRight]


def lawful(workshop: Workshop, wanted: int, language: str = "zh") -> list[tuple[Item, Truth]]:
    """`wanted` items that go round all kinds in turn."""
    rounds = [found for kind in LawfulKind if (found := _choices(workshop, kind, language))]
    if not rounds:
        return []
    return [_made(workshop, rounds[number % len(rounds)]) for number in range(wanted)]


def _choices(workshop: Workshop, kind: LawfulKind, language: str) -> list[Choice]:
    return [
        (template, right)
        for template in lawful_templates()
        if template.kind is kind and template.language == language
        for right in workshop.rights
        if template.suits(right) and workshop.shop(template.shops, right)
    ]


def _made(workshop: Workshop, choices: Sequence[Choice]) -> tuple[Item, Truth]:
    template, right = workshop.chance.choice(choices)
    item = workshop.finish(_draft(workshop, template, right))
    reviewed = template.kind in TO_BE_REVIEWED
    return item, Truth(
        item_id=item.id,
        expected=Expected.REVIEW if reviewed else Expected.CLEAR,
        right_id=right.id,
        lawful_kind=template.kind,
    )


def _draft(workshop: Workshop, template: LawfulTemplate, right: MarketRight) -> Draft:
    chance, shop = workshop.chance, workshop.shop(template.shops, right)
    origin = _origin(workshop, template, right)
    title = workshop.unique_title(
        lambda: _filled(chance.choice(template.titles), right, origin), template.language
    )
    return Draft(
        title=title,
        description=_filled(chance.choice(template.notes), right, origin),
        category=template.path,
        brand=template.brand,
        price=workshop.price(template.price),
        origin=origin,
        shop=_present(shop),
        pictures=_pictures(workshop, template, right, title),
        language=template.language,
    )


def _present(shop: Shop | None) -> Shop:
    if shop is None:
        raise ValueError("a choice was offered that no shop can sell")
    return shop


def _filled(text: str, right: MarketRight, origin: str | None) -> str:
    return text.format(
        name=right.name,
        goods=right.goods[0],
        place=right.place,
        region=right.home,
        origin=origin or "外地",
    )


def _origin(workshop: Workshop, template: LawfulTemplate, right: MarketRight) -> str | None:
    if template.origin == "inside":
        return right.home
    if template.origin == "none":
        return None
    if template.language == "en":
        return "Washington, USA"
    return workshop.chance.choice(sector_of(right).origins)


def _pictures(
    workshop: Workshop, template: LawfulTemplate, right: MarketRight, title: str
) -> tuple[PictureSpec, ...]:
    words = tuple(title.split()[:3])
    shape = sector_of(right).shape
    if template.shape == "genuine":
        plain = workshop.chance.choice((PictureDisguise.COPIED, PictureDisguise.RE_ENCODED))
        return (workshop.taken_picture(right, plain, shape, words),)
    shown = shape if template.shape == "goods" else Shape(template.shape)
    return workshop.pictures(shown, words, most=2)
