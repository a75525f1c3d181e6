"""The present layout, as deployment files tell it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from analyzer.boundary import Boundary
from analyzer.service import PresentEnvironment
from cohabit.draft import Draft


def present_layout(drafts: Sequence[Draft]) -> tuple[PresentEnvironment, ...]:
    """What shares a container and a machine today; nothing where no deployment file tells of any code.

    Services that no deployment file tells of share one container, as all do where there is no such file.
    """
    if not any(draft.deployed is not None and draft.path is not None for draft in drafts):
        return ()
    return (*_sharing(drafts, Boundary.CONTAINER), *_sharing(drafts, Boundary.VM))


def _sharing(drafts: Sequence[Draft], boundary: Boundary) -> Iterator[PresentEnvironment]:
    groups: dict[str, list[str]] = defaultdict(list)
    for draft in drafts:
        said = draft.deployed
        if boundary is Boundary.CONTAINER:
            groups[said.root if said is not None else ""].append(draft.name)
        elif said is not None and said.machine:
            groups[said.machine].append(draft.name)
    ordered = sorted(tuple(sorted(names)) for names in groups.values())
    return (PresentEnvironment(boundary, names) for names in ordered)
