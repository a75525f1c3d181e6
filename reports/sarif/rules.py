"""The rules of a run: what each code of a conflict means, from the one documentation of codes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analyzer.verdict import Code
from reports.code_help import bare, help_of
from reports.sarif.text import Json

_RELATIVE = re.compile(r"\[([^\]]+)\]\((?!https?:)[^)]+\)")


def rule(code: Code) -> Json:
    """The reporting descriptor (2.1.0, 3.49) of a code."""
    told = help_of(code)
    # A viewer has no page that a relative link could lead to.
    markdown = _RELATIVE.sub(r"\1", told.body)
    return {
        "id": str(code),
        "name": friendly(code.name),
        "shortDescription": {"text": f"{told.title[0].upper()}{told.title[1:]}."},
        "fullDescription": {"text": told.summary},
        "help": {"text": _text(markdown), "markdown": markdown},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": ["dependencies", f"boundary-{told.boundary}"], "precision": "very-high"},
    }


def _text(markdown: str) -> str:
    """Paragraphs without markup; what stands between fences as it is."""
    parts = markdown.split("```")
    return "".join(part if number % 2 else _paragraphs(part) for number, part in enumerate(parts)).strip()


def _paragraphs(part: str) -> str:
    return "\n\n" + "\n\n".join(bare(paragraph) for paragraph in part.split("\n\n") if paragraph.strip()) + "\n"


def friendly(name: str) -> str:
    """A constant's name as SARIF writes names of rules: ``TOO_MANY`` is ``TooMany``."""
    return "".join(word.capitalize() for word in name.split("_"))


def notification_rules(meanings: Sequence[tuple[str, str, str]]) -> list[Json]:
    """Reporting descriptors of notifications, from id, name, and what each says in general."""
    return [
        {
            "id": id,
            "name": name,
            "shortDescription": {"text": meaning},
            "fullDescription": {"text": meaning},
            "help": {"text": meaning},
        }
        for id, name, meaning in meanings
    ]
