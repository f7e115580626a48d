"""Writes the rights file the pipeline is given: real entries, practice pictures and shops."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from crawlers.market.goods import Market, Shop, Standing
from crawlers.market.pictures import jpeg

SOURCE = "演练数据"
VALID = {"valid_from": "2015-01-01", "valid_to": "2035-01-01"}


def practice_rights(market: Market, rights: Sequence[Mapping[str, object]], folder: Path) -> Path:
    """The path of `rights.jsonl` in `folder`; its pictures lie in `folder/pictures`."""
    (folder / "pictures").mkdir(parents=True, exist_ok=True)
    rows = [_row(market, right, folder) for right in rights]
    path = folder / "rights.jsonl"
    lines = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    path.write_text(lines, encoding="utf-8")
    return path


def _row(market: Market, right: Mapping[str, object], folder: Path) -> dict[str, object]:
    right_id = str(right["id"])
    shops = [shop for shop in market.shops if right_id in shop.right_ids]
    added: dict[str, object] = {
        **VALID,
        "images": _pictures(market, right_id, folder),
        "official_shops": [*_many(right, "official_shops"), *_official(shops)],
        "users": [*_many(right, "users"), *_users(shops)],
    }
    known = right.get("sources")
    sources = dict(known) if isinstance(known, Mapping) else {}
    return {**right, **added, "sources": sources | dict.fromkeys(added, SOURCE)}


def _pictures(market: Market, right_id: str, folder: Path) -> list[str]:
    paths = []
    for reference in market.references:
        if reference.right_id == right_id:
            path = f"pictures/{right_id}-{reference.name}.jpg"
            (folder / path).write_bytes(jpeg(reference.spec))
            paths.append(path)
    return paths


def _official(shops: Sequence[Shop]) -> list[str]:
    return [shop.name for shop in shops if shop.is_official]


def _users(shops: Sequence[Shop]) -> list[dict[str, object]]:
    return [
        {"name": shop.owner, "uscc": None, "shops": [shop.name], "valid_to": VALID["valid_to"]}
        for shop in shops
        if shop.standing is Standing.USER
    ]


def _many(right: Mapping[str, object], field: str) -> tuple[object, ...]:
    value = right.get(field)
    return tuple(value) if isinstance(value, list | tuple) else ()
