"""How documents lie in Elasticsearch: the mapping, and to it and back."""

from collections.abc import Mapping
from typing import Any

from pipeline.index.base import Document, Facet, Kind, from_micros, to_micros
from pipeline.normalise import fold, spaced
from pipeline.records import HASH_BITS, PerceptualHash

LAYOUT = 1
"""Raised whenever the mapping changes; `markwatch index rebuild` then makes a new index."""

ANALYSIS = {
    "analyzer": {
        "bigrams": {"type": "cjk", "stopwords": "_none_"},
        "characters": {"tokenizer": "characters"},
    },
    "tokenizer": {
        "characters": {"type": "pattern", "pattern": r"[0-9a-z]+|[^0-9a-z\s]", "group": 0},
    },
}
KEPT = {"type": "keyword", "index": False, "doc_values": False}
MAPPINGS = {
    "dynamic": "strict",
    "_meta": {"layout": LAYOUT},
    "properties": {
        "kind": {"type": "keyword"},
        "id": {"type": "keyword"},
        "version": {"type": "long", "index": False},
        "at": {"type": "date"},
        "at_micros": {"type": "long"},
        "score": {"type": "double"},
        "texts": {"type": "object", "enabled": False},
        "words": {
            "type": "text",
            "analyzer": "bigrams",
            "norms": False,
            "fields": {"characters": {"type": "text", "analyzer": "characters", "norms": False}},
        },
        "pictures": {
            "type": "nested",
            "properties": {
                "bits": {
                    "type": "dense_vector",
                    "element_type": "bit",
                    "dims": HASH_BITS,
                    "index": False,
                }
            },
        },
        "body": KEPT,
        **{str(facet): {"type": "keyword"} for facet in Facet},
    },
}


def source_of(document: Document) -> Mapping[str, Any]:
    return {
        "kind": document.kind,
        "id": document.id,
        "version": document.version,
        "at": document.at.isoformat(timespec="milliseconds"),
        "at_micros": to_micros(document.at),
        "score": document.score,
        "texts": dict(document.texts),
        "words": [spaced(fold(text)) for text in document.texts.values()],
        "pictures": [{"bits": hexadecimal(each)} for each in document.pictures],
        "body": document.body.decode(),
        **{str(facet): value for facet, value in document.facets.items()},
    }


def document_of(source: Mapping[str, Any]) -> Document:
    return Document(
        kind=Kind(source["kind"]),
        id=source["id"],
        version=source["version"],
        at=from_micros(source["at_micros"]),
        score=source["score"],
        texts=source["texts"],
        facets={facet: source[facet] for facet in Facet if facet in source},
        body=source["body"].encode(),
        pictures=tuple(PerceptualHash(bits=int(each["bits"], 16)) for each in source["pictures"]),
    )


def hexadecimal(picture: PerceptualHash) -> str:
    return f"{picture.bits:0{HASH_BITS // 4}x}"
