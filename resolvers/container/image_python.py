"""The Python version that a container image brings, by its name and tag.

Known are images called ``python``, whose publishers put the version into the tag (Docker's official one,
Bitnami's, AWS Lambda's, the development containers'), and those whose tag names one: ``python3.12-slim``.
An image that is not known is not guessed, nor is what a tag without a minor version stands for today.
"""

from __future__ import annotations

import re

from resolvers.container.reference import parse_reference

_NAMED = re.compile(r"(?:^|[^a-z])python-?(3\.\d{1,2})(?!\d)")
_OWN = re.compile(r"(?:^|-)(3\.\d{1,2})(?=$|[.a-z_-])")


def image_python(text: str) -> str:
    """The version of an image's Python, ``major.minor``; empty where it has none or the name does not tell."""
    reference = parse_reference(text)
    if reference is None:
        return ""
    tag = reference.tag.lower()
    is_python = reference.name.rpartition("/")[2] == "python"
    found = _NAMED.search(tag) or (_OWN.search(tag) if is_python else None)
    return found[1] if found else ""
