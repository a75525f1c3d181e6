"""Data for the page's scripts: JSON in a script element that is never run."""

from __future__ import annotations

import json

from markupsafe import Markup


def data_block(value: object) -> Markup:
    """JSON that may stand in a script element: ASCII, and nothing that ends the element (HTML, 4.12.1.3)."""
    text = json.dumps(value, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704
