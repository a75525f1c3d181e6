"""Data as SARIF's texts and references."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias
from urllib.parse import quote

from analyzer.origin import Origin
from reports.plain_text import plain
from reports.sarif import limits

Json: TypeAlias = dict[str, object]

ROOT = "SRCROOT"
"""What relative references are relative to: the audited folder."""

LINES = 10_000
"""Lines of files that are remembered: many conflicts are about one."""


def message(*lines: str) -> Json:
    """A message that is only text: without links (2.1.0, 3.11.6) and placeholders (3.11.5)."""
    text = "\n".join(map(plain, lines))
    text = f"{text[: limits.MESSAGE]} …" if len(text) > limits.MESSAGE else text
    return {"text": text.replace("](", "] (").replace("{", "{{").replace("}", "}}")}


def location(origin: Origin, told: str = "") -> Json:
    """A line of a file, with what stands there; the first line stands for a file as a whole."""
    place: Json = {"physicalLocation": _physical(origin)}
    return place | ({"message": message(told)} if told else {})


@lru_cache(LINES)
def _physical(origin: Origin) -> Json:
    region: Json = {"startLine": max(origin.line, 1)}
    if origin.line and origin.text:
        region["snippet"] = {"text": plain(origin.text)}
    return {"artifactLocation": artifact(origin.file), "region": region}


def artifact(file: str) -> Json:
    """A reference to a file (RFC 3986): relative to the audited folder, or absolute outside of it."""
    if file.startswith("/"):
        return {"uri": f"file:///{_encoded(file.lstrip('/'))}"}
    return {"uri": _encoded(file), "uriBaseId": ROOT}


def _encoded(path: str) -> str:
    try:
        return quote(path.encode("utf-8", "surrogateescape"))
    except UnicodeEncodeError:  # a surrogate that stands for no byte of a file's name
        return quote(path.encode("utf-8", "surrogatepass"))
