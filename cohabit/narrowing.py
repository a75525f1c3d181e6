"""A Fleet narrowed to some of its Services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

from analyzer.errors import CohabitError
from analyzer.service import Fleet


def only(fleet: Fleet, names: Sequence[str]) -> Fleet:
    """The Fleet with the named Services and no others.

    Raises CohabitError where a name is none of the Fleet's, with the names most like it.
    """
    known = [service.name for service in fleet.services]
    for name in names:
        if name not in known:
            like = get_close_matches(name, known, n=3, cutoff=0.4) or known[:5]
            more = f" and {len(known) - len(like)} more" if len(known) > len(like) else ""
            told = f"{', '.join(like) or 'none'}{more}"
            raise CohabitError(f"there is no service {name} in {fleet.name}; there is {told}")
    return replace(fleet, services=tuple(s for s in fleet.services if s.name in names))
