"""A Requirement's constraint, read as the rich version of a Gradle build, or as the pin of a lock."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from resolvers.maven.selector import Selector, selector


@dataclass(frozen=True, slots=True)
class RichVersion:
    """``pin`` is the version that a lock fixes, empty in a build's own words (Gradle user manual, "Rich versions")."""

    pin: str = ""
    require: tuple[Selector, ...] = ()
    strictly: tuple[Selector, ...] = ()
    reject: tuple[Selector, ...] = ()
    prefer: tuple[Selector, ...] = ()

    @property
    def wanted(self) -> tuple[str, ...]:
        """The single versions that Gradle may choose for want of a higher one: nothing less will do."""
        return (self.pin,) if self.pin else tuple(known.least for known in self.require if known.fixed)


@lru_cache(maxsize=2**16)
def rich_version(constraint: str) -> RichVersion:
    """Read ``strictly 1.2; reject 1.3``, ``[1,2)``, ``==1.2``. An empty text constrains nothing."""
    if constraint.startswith("=="):
        return RichVersion(constraint.removeprefix("=="))
    found: dict[str, list[Selector]] = {"require": [], "strictly": [], "prefer": [], "reject": []}
    for term in filter(None, map(str.strip, constraint.split(";"))):
        word, _, rest = term.partition(" ")
        kind, text = (word, rest.strip()) if rest and word in found else ("require", term)
        found[kind].append(selector(text))
    return RichVersion("", *map(tuple, (found["require"], found["strictly"], found["reject"], found["prefer"])))
