"""``${name}`` in a POM, replaced as Gradle does: unknown names stay, cycles are errors."""

from __future__ import annotations

import re
from collections.abc import Mapping

from analyzer.errors import ManifestError
from analyzer.origin import Origin

_REFERENCE = re.compile(r"\$\{([^${}]*)\}")
_LONGEST = 2_000
"""Characters of the longest value: a name, a version, a list of ranges."""
_DEPTH_LIMIT = 64


class PropertyValues:
    """The properties of one POM. Each is worked out once, so that values that name one another cost no more."""

    def __init__(self, properties: Mapping[str, str], file: str) -> None:
        self._raw = properties
        self._file = file
        self._known: dict[str, str] = {}
        self._open: list[str] = []

    def replace(self, text: str, line: int = 0) -> str:
        """``text`` with its references replaced. Raises ManifestError where they lead to no value."""
        if "${" not in text:
            return text
        try:
            return self._replaced(text)
        except _ReferenceError as error:
            raise ManifestError(Origin(self._file, line), str(error)) from error

    def _replaced(self, text: str) -> str:
        value = _REFERENCE.sub(self._value, text) if len(text) <= _LONGEST else text
        if len(value) > _LONGEST:
            raise _ReferenceError(f"has a property that grows to more than {_LONGEST} characters")
        return value.strip()

    def _value(self, reference: re.Match[str]) -> str:
        name = reference[1]
        if name not in self._raw:
            return reference[0]
        if name not in self._known:
            if name in self._open or len(self._open) >= _DEPTH_LIMIT:
                raise _ReferenceError(f"has a property that leads to itself, or too far: {name[:80]}")
            self._open.append(name)
            try:
                self._known[name] = self._replaced(self._raw[name])
            finally:
                self._open.pop()
        return self._known[name]


class _ReferenceError(Exception):
    """References that lead to no value."""
