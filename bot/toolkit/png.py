"""SVG to PNG, for platforms that show no SVG."""

from __future__ import annotations

from typing import Protocol

import font_lato
import resvg_py

FONT = "Lato"
"""The family that templates name first; its files come with a dependency."""

SCALE = 1.2
"""Pixels for each SVG unit, so that chats on sharp screens show sharp text."""


class Drawable(Protocol):
    """A picture as SVG."""

    @property
    def svg(self) -> str:
        """Return the whole document."""


def png_of(picture: Drawable) -> bytes:
    """The picture as PNG; the same on every machine, since system fonts are left out."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=picture.svg,
            zoom=SCALE,
            skip_system_fonts=True,
            font_files=[font_lato.font_files["Lato"], font_lato.font_files["LatoBold"]],
            font_family=FONT,
            sans_serif_family=FONT,
        )
    )
