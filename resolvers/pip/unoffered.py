"""Extras and groups that configuration chose and that no manifest of the service offers."""

from __future__ import annotations

from collections.abc import Iterator

from packaging.utils import canonicalize_name

from analyzer.origin import Origin
from analyzer.service import Skipped
from resolvers.pip.declared import Choice
from resolvers.pip.requirements.requirement_line import excerpt

_REASON = "was chosen by configuration, and nothing that can be read here offers it"


def unoffered(chosen: Choice, offers: Choice, directory: str) -> Iterator[Skipped]:
    """A Skipped for each choice that is not among ``offers``, all that the manifests in ``directory`` have.

    It is incomplete: what was asked for is either misspelt or in a place that was not read.
    """
    origin = Origin(directory or ".")
    for kind, names, there in (("extra", chosen.extras, offers.extras), ("group", chosen.groups, offers.groups)):
        for name in names:
            if canonicalize_name(name) not in there:
                yield Skipped(excerpt(f"{kind} {name!r}"), _REASON, origin)
