"""Questions in the files of other programs: read into a pack, and written out of one.

Each format is one module, which knows ``Found`` and nothing of packs. ``build`` makes questions of what
was found, ``flatten`` the other way round, and ``carry`` says what a format leaves out.
"""

from __future__ import annotations

from content.formats.base import Format, Note, RefusedError
from content.formats.registry import FORMATS, format_named, format_of

__all__ = ["FORMATS", "Format", "Note", "RefusedError", "format_named", "format_of"]
