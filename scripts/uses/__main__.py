"""Rebuilds detectors/knowledge/uses.tsv from titles.tsv; `--held-out` says how well it learns.

Needs the dependency group `learn`.
"""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from detectors.goods import goods_classes, goods_places
from detectors.masked import masked
from detectors.sold import SERVICES, is_made_for_others
from detectors.uses import DATA, DOUBT, SCALE, SELLS, features
from pipeline.normalise import fold

TITLES = Path(__file__).with_name("titles.tsv")
STAND_IN, GOODS_STAND_IN = "뷁", "쀍쀍"  # letters that no title holds, for {n} and {g}
OWN = frozenset({"negation", "resale", "service", SELLS})
"""Uses that name the goods of the right itself; they are learnt with and without its mask."""
LEAST = 3  # titles that hold a sign
KEPT = 24_000  # features, those that weigh most


@dataclass(frozen=True, slots=True)
class Title:
    writer: str
    use: str
    text: str


@dataclass(frozen=True, slots=True)
class Model:
    """What was learnt: rows of weights by use, columns by feature."""

    vectors: CountVectorizer
    regression: LogisticRegression

    @classmethod
    def learnt(cls, known: Sequence[Title]) -> Self:
        """Once from all features, then once more from those that weighed most."""
        texts, uses = [each.text for each in known], [each.use for each in known]
        every = CountVectorizer(analyzer=_signs, binary=True, min_df=LEAST)
        first = LogisticRegression(max_iter=300).fit(every.fit_transform(texts), uses)
        most = np.abs(first.coef_ - first.coef_.mean(axis=0)).max(axis=0)
        kept = np.sort(np.argsort(-most, kind="stable")[:KEPT])
        words = every.get_feature_names_out()[kept]
        vectors = CountVectorizer(analyzer=_signs, binary=True, vocabulary=words)
        regression = LogisticRegression(max_iter=300).fit(vectors.transform(texts), uses)
        return cls(vectors, regression)

    def selling(self, some: Sequence[Title]) -> list[float]:
        """The probability that each of these titles sells under the name."""
        likely = self.regression.predict_proba(self.vectors.transform([each.text for each in some]))
        return [float(each[list(self.regression.classes_).index(SELLS)]) for each in likely]

    def rows(self) -> Iterator[str]:
        yield "\t".join(("use", *self.regression.classes_))
        yield _row("bias", self.regression.intercept_)
        weights = (self.regression.coef_ - self.regression.coef_.mean(axis=0)).T
        for number, feature in enumerate(self.vectors.get_feature_names_out()):
            yield _row(feature, weights[number])


def _row(name: str, weights: Iterable[float]) -> str:
    return "\t".join((name, *(str(round(each * SCALE)) for each in weights)))


def _signs(text: str) -> set[str]:
    return {feature for feature, _, _ in features(text)}


def titles() -> list[Title]:
    """All labelled titles, masked."""
    rows = (line.split("\t") for line in TITLES.read_text("utf-8").splitlines())
    return [Title(writer, use, text) for writer, use, title in rows for text in _masked(title, use)]


def _masked(title: str, use: str) -> Iterator[str]:
    """As it is read where the goods in it are not the right's own, and where they are."""
    text = title.replace("{n}", STAND_IN).replace("{g}", GOODS_STAND_IN)
    name = text.index(STAND_IN), text.index(STAND_IN) + 1
    plain = masked(text, name, {GOODS_STAND_IN}).text
    yield plain
    if use in OWN:
        also = masked(text, name, {GOODS_STAND_IN, *_goods(text)}).text
        if also != plain:
            yield also


def _goods(text: str) -> Iterator[str]:
    folded = fold(text)
    for start, end in goods_places(folded):
        word = folded.text[start:end]
        if not is_made_for_others(word) and min(goods_classes(word), default=SERVICES) < SERVICES:
            yield word


def held_out(known: Sequence[Title]) -> Iterator[str]:
    """Each writer's titles as read by what all the others taught."""
    found = []
    for writer in sorted({each.writer for each in known}):
        rest = Model.learnt([each for each in known if each.writer != writer])
        mine = [each for each in known if each.writer == writer]
        found += list(zip(mine, rest.selling(mine), strict=True))
        yield f"{writer}: {_told(found[-len(mine) :])}"
    yield f"all: {_told(found)}"
    for use in sorted({each.use for each in known}):
        yield f"  {use}: {_told([each for each in found if each[0].use == use])}"


def _told(found: Sequence[tuple[Title, float]]) -> str:
    offers = [likely <= DOUBT for title, likely in found if title.use == SELLS]
    others = [likely > DOUBT for title, likely in found if title.use != SELLS]
    kinds = (offers, "offers missed"), (others, "others told")
    return ", ".join(f"{np.mean(some):.1%} of {len(some)} {what}" for some, what in kinds if some)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m scripts.uses", description=__doc__)
    parser.add_argument("--held-out", action="store_true", help="learn nothing, say how well")
    known = titles()
    if parser.parse_args().held_out:
        for line in held_out(known):
            print(line, flush=True)
        return
    DATA.write_text("\n".join(Model.learnt(known).rows()) + "\n", "utf-8")


if __name__ == "__main__":
    main()
