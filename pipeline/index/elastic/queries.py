"""Our queries in Elasticsearch's words."""

import re
from collections.abc import Mapping
from typing import Any

from pipeline.index.base import Facet, Order, Query, to_micros
from pipeline.index.elastic.layout import hexadecimal
from pipeline.normalise import fold, spaced
from pipeline.records import HASH_BITS, PerceptualHash

BUCKETS = 1_000
HAN = re.compile(r"(?:[0-9a-z]+|[\u4e00-\u9fff]{2,}| )+")
"""What `cjk` finds exactly; a lone character and other scripts are asked of `words.characters`."""

SORT = {
    Order.NEWEST: {"at_micros": "desc"},
    Order.SCORE: {"score": "desc"},
    Order.NEAREST: {"_score": "desc"},
}


def condition(query: Query) -> Mapping[str, Any]:
    parts: list[Mapping[str, Any]] = [{"term": {"kind": query.kind}}]
    parts += [_phrase(text) for word in query.words if (text := spaced(fold(word)))]
    parts += [{"terms": {str(facet): list(some)}} for facet, some in query.facets.items()]
    for moment, comparison in ((query.since, "gte"), (query.until, "lt")):
        if moment is not None:
            parts.append({"range": {"at_micros": {comparison: to_micros(moment)}}})
    condition: dict[str, Any] = {"filter": parts}
    if query.picture is not None:
        condition["must"] = [_alike(query.picture, query.within)]
    return {"bool": condition}


def _phrase(text: str) -> Mapping[str, Any]:
    field = "words" if HAN.fullmatch(text) else "words.characters"
    return {"match_phrase": {field: text}}


def _alike(picture: PerceptualHash, within: int) -> Mapping[str, Any]:
    """Exact: every picture's distance is counted; the score is how many bits agree."""
    script = {
        "source": f"{HASH_BITS} - hamming(params.asked, 'pictures.bits')",
        "params": {"asked": hexadecimal(picture)},
    }
    scored = {"query": {"match_all": {}}, "script": script, "min_score": HASH_BITS - within}
    return {"nested": {"path": "pictures", "score_mode": "max", "query": {"script_score": scored}}}


def counted(facet: Facet, after: object = None) -> Mapping[str, Any]:
    further = {"after": after} if after else {}
    value = {"value": {"terms": {"field": str(facet)}}}
    return {"composite": {"size": BUCKETS, "sources": [value], **further}}
