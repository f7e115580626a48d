"""What every maker of items needs: one source of chance, fresh numbers, shops and unique titles."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from crawlers.market.goods import (
    Dialect,
    Item,
    MarketRight,
    PictureSpec,
    Reference,
    Shape,
    Shop,
    Standing,
)
from crawlers.market.tables import voice
from crawlers.market.truth import PictureDisguise

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An item as its maker thinks of it; the workshop adds what does not depend on the maker."""

    title: str
    description: str
    category: tuple[str, ...]
    price: Decimal
    shop: Shop
    pictures: tuple[PictureSpec, ...]
    brand: str | None = None
    unit: str | None = None
    origin: str | None = None
    standard_no: str | None = None
    language: str = "zh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """Chance and stock while a market is made; nothing of it outlives the making."""

    chance: Random
    numbers: Iterator[int]
    titles: set[str]
    rights: tuple[MarketRight, ...]
    shops: tuple[Shop, ...]
    references: Mapping[str, tuple[Reference, ...]]

    def finish(self, draft: Draft) -> Item:
        before = draft.price * 2 if self.chance.random() < 0.4 else None
        return Item(
            id=str(next(self.numbers)),
            title=draft.title,
            description=self._description(draft),
            category=draft.category,
            brand=draft.brand,
            price=draft.price,
            price_before=before,
            currency=self._currency(draft),
            unit=draft.unit,
            sales=self.chance.choice(voice(draft.language).sales),
            origin=draft.origin,
            standard_no=draft.standard_no,
            shop=draft.shop,
            pictures=draft.pictures,
            dialect=self.chance.choice(tuple(Dialect)),
            language=draft.language,
        )

    def shop(self, standings: Iterable[Standing], right: MarketRight | None = None) -> Shop | None:
        """A shop of these standings; one that is tied to rights only for its own right."""
        fitting = [
            shop for shop in self.shops if shop.standing in standings and _deals(shop, right)
        ]
        return self.chance.choice(fitting) if fitting else None

    def unique_title(self, make: Callable[[], str], language: str = "zh") -> str:
        """A title nobody has yet; an ending, then a stock number, is added where words run out."""
        endings = voice(language).endings
        for attempt in range(60):
            title = make() if attempt < 20 else f"{make()} {self.chance.choice(endings)}"
            if title not in self.titles:
                break
        else:
            title = f"{make()} No.{len(self.titles)}"
        self.titles.add(title)
        return title

    def price(self, bounds: tuple[int, int], share: float = 1.0) -> Decimal:
        low, high = bounds
        amount = low * (high / low) ** self.chance.random() * share
        return Decimal(max(1, int(amount))) + self.chance.choice(
            (Decimal("0.00"), Decimal("0.90"), Decimal("0.80"), Decimal("0.50"))
        )

    def pictures(self, shape: Shape, words: Words, most: int = 3) -> tuple[PictureSpec, ...]:
        count = self.chance.randint(1, most)
        return tuple(self.picture(shape, words) for _ in range(count))

    def picture(self, shape: Shape, words: Words) -> PictureSpec:
        return PictureSpec(seed=self.chance.getrandbits(32), shape=shape, words=words)

    def taken_picture(
        self, right: MarketRight, edit: PictureDisguise, shape: Shape, words: Words
    ) -> PictureSpec:
        """The right holder's picture after an edit; shape and words draw what an inset sits in."""
        originals = self.references[right.id]
        return PictureSpec(
            seed=self.chance.getrandbits(32),
            shape=shape,
            words=words,
            original=self.chance.choice((originals[0], *originals)).spec,
            edit=edit,
        )

    def _description(self, draft: Draft) -> str:
        filler = self.chance.sample(voice(draft.language).sentences, 2)
        return (" " if draft.language == "en" else "").join((draft.description, *filler))

    def _currency(self, draft: Draft) -> str:
        return self.chance.choice(("USD", "EUR")) if draft.language == "en" else "CNY"


def _deals(shop: Shop, right: MarketRight | None) -> bool:
    return not shop.right_ids or (right is not None and right.id in shop.right_ids)
