"""What a version text in a Gradle build admits (Gradle user manual, "Declaring versions and ranges")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from resolvers.maven.gradle_order import key

_RANGE = re.compile(r"\s*([\[\](])\s*([^,\[\]()\s]*)\s*,\s*([^,\[\]()\s]*)\s*([\[\])])\s*")
_ONE = re.compile(r"\s*\[\s*([^,\[\]()\s]+)\s*\]\s*")


@dataclass(frozen=True, slots=True)
class Selector:
    """A set of versions: one (``1.2``), those with a prefix (``1.+``), a range, or whatever is latest.

    ``least`` and ``most`` are empty where there is no bound, and equal for a single version. ``latest`` is the
    status of the latest one that is wanted (``release``, ``integration``).
    """

    least: str = ""
    most: str = ""
    with_least: bool = True
    with_most: bool = True
    prefix: str | None = None
    latest: str = ""

    @property
    def fixed(self) -> bool:
        """Whether it is one version, so that no repository has to be asked which there are."""
        return bool(self.least) and self.least == self.most

    def admits(self, version: str) -> bool:
        """Whether a version is in the set."""
        if self.fixed:
            return version == self.least
        if self.latest:
            return self.latest == "integration" or not version.endswith("-SNAPSHOT")
        if self.prefix is not None:
            return version.startswith(self.prefix)
        return self._above_least(version) and not self._above_most(version)

    def lies_below(self, version: str) -> bool:
        """Whether every version that is admitted is less than ``version``."""
        if self.prefix is not None:
            return self.prefix.endswith(".") and not version.startswith(self.prefix) and key(version) > key(self.prefix)
        return self._above_most(version)

    def lies_above(self, version: str) -> bool:
        """Whether every version that is admitted is more than ``version``."""
        if self.prefix is not None:
            return not version.startswith(self.prefix) and key(version) < key(self.prefix.rstrip("."))
        return not self._above_least(version)

    def _above_least(self, version: str) -> bool:
        if not self.least:
            return True
        return key(version) > key(self.least) or (self.with_least and key(version) == key(self.least))

    def _above_most(self, version: str) -> bool:
        if not self.most:
            return False
        if self.with_most:
            return key(version) > key(self.most)
        # An excluded bound excludes its pre-releases as well: 2.0[ has no 2.0-rc1.
        return key(version) >= key(self.most) or re.match(re.escape(self.most) + r"[._+-]", version) is not None


@lru_cache(maxsize=2**16)
def selector(text: str) -> Selector:
    """What a version text admits. What is no range and no prefix is one version."""
    if text.startswith("latest."):
        return Selector(latest=text.removeprefix("latest."))
    if not text or text == "+":
        return Selector()
    if only := _ONE.fullmatch(text):
        return Selector(only[1], only[1])
    if found := _RANGE.fullmatch(text):
        opening, least, most, closing = found.groups()
        return Selector(least, most, opening == "[", closing == "]")
    if text.endswith("+"):
        return Selector(prefix=text[:-1])
    return Selector(text, text)
