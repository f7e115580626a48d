"""A package of icons in Iconify's form, drawn."""

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import resvg_py
from PIL import Image

UNSAID = 16  # units that an icon is wide or high where its package says nothing
SPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


@dataclass(frozen=True, slots=True)
class Icons:
    """What `icons.json` says."""

    said: dict[str, Any]

    @classmethod
    def read(cls, place: Path) -> Self:
        return cls(json.loads(place.read_text("utf-8")))

    @property
    def names(self) -> list[str]:
        return sorted(self.said["icons"])

    def drawn(self, name: str, long: int, ink: str = "#000000") -> Image.Image:
        """With its opacity, so many pixels long; what has no colour of its own in that ink.

        Raises `ValueError` for what is no SVG.
        """
        icon = self.said["icons"][name]
        wide, high = (icon.get(s, self.said.get(s, UNSAID)) for s in ("width", "height"))
        zoom = long / max(wide, high)
        box = f"{icon.get('left', 0)} {icon.get('top', 0)} {wide} {high}"
        body = icon["body"].replace("currentColor", ink)
        picture = resvg_py.svg_to_bytes(
            svg_string=f'<svg {SPACES} viewBox="{box}">{body}</svg>',
            width=max(1, round(wide * zoom)),
            height=max(1, round(high * zoom)),
        )
        return Image.open(io.BytesIO(bytes(picture))).convert("RGBA")
