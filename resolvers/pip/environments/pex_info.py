"""``PEX-INFO``: what a pex was made from, and for which interpreters."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec
from packaging.requirements import Requirement as Dependency
from packaging.specifiers import SpecifierSet

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.package import PYTHON
from analyzer.requirement import Requirement
from analyzer.service import Skipped
from resolvers.pip.environments.bundle import Bundle
from resolvers.pip.environments.contained import Contained
from resolvers.pip.environments.core_metadata import CoreMetadata
from resolvers.pip.requirements.direct_reference import implied_by_wheel
from resolvers.pip.target import PYTHONS, admitted

MARK = "PEX-INFO"
DEPENDENCIES = ".deps"
"""The folder of a pex that holds one folder (or, in other layouts, one zipped wheel) per distribution."""

_COUNT_LIMIT = 5000
_TEXT_LIMIT = 4000
_IMPLEMENTATION = re.compile(r"\A\s*[A-Za-z]+(?:\[[^\[\]]*\]|\+[a-z]+)?(?=\s*(?:[<>=!~]|\Z))")


class _PexInfo(msgspec.Struct):
    requirements: list[str] = []
    interpreter_constraints: list[str] = []
    distributions: dict[str, str] = {}
    inherit_path: str | bool = "false"


def read_pex_info(data: bytes, file: str, bundle: Bundle) -> frozenset[str]:
    """The names of the wheels in the pex; the rest of what ``data`` says goes into the bundle.

    Raises ManifestError where it is no PEX-INFO.
    """
    origin = Origin(file)
    try:
        info = msgspec.json.decode(data, type=_PexInfo)
    except (ValueError, RecursionError) as error:
        raise ManifestError(origin, "is no JSON of the shape that pex writes") from error
    if max(len(info.requirements), len(info.interpreter_constraints), len(info.distributions)) > _COUNT_LIMIT:
        raise ManifestError(origin, f"lists more than {_COUNT_LIMIT} items")
    bundle.roots += _roots(info.requirements, origin, bundle.skipped)
    bundle.interpreter += _interpreter(info.interpreter_constraints, origin, bundle.skipped)
    if info.inherit_path not in ("false", False):
        bundle.unknown.append(f"{file} lets it see the interpreter's own packages, which were not examined")
    return frozenset(info.distributions)


def read_zipped_wheel(name: str, file: str) -> Contained:
    """A wheel that stays closed inside a pex, known by its name. Raises ManifestError if that is none's."""
    try:
        distribution, version = implied_by_wheel(name)
    except ValueError as error:
        raise ManifestError(Origin(file), "is not named as a wheel must be") from error
    return Contained(CoreMetadata(distribution, version, Origin(file)))


def _roots(texts: Iterable[str], origin: Origin, skipped: list[Skipped]) -> list[Dependency]:
    roots = []
    for text in texts:
        try:
            if len(text) > _TEXT_LIMIT:
                raise ValueError
            roots.append(Dependency(text))
        except (ValueError, RecursionError):
            skipped.append(Skipped("requirements", "holds what is no requirement as PEP 508 writes it", origin))
    return roots


def _interpreter(texts: Iterable[str], origin: Origin, skipped: list[Skipped]) -> list[Requirement]:
    """Any one of the constraints suffices for pex; a Requirement states all of them at once."""
    either = []
    for text in texts:
        try:
            if len(text) > _TEXT_LIMIT:
                raise ValueError
            either.append(Requirement(PYTHON, str(SpecifierSet(_IMPLEMENTATION.sub("", text))), origin))
        except ValueError:
            skipped.append(Skipped("interpreter_constraints", "holds what is no version specifier (PEP 440)", origin))
    if len(either) < 2:
        return either
    return [Requirement(PYTHON, _union(either), origin)]


def _union(either: list[Requirement]) -> str:
    """The series of Python that satisfy at least one constraint, as one specifier set."""
    suited = {python for one in either for python in admitted([one])}
    if not suited:
        return either[0].constraint
    first, last = (pick(i for i, python in enumerate(PYTHONS) if python in suited) for pick in (min, max))
    lower = f">={PYTHONS[first]}" if first else ""
    upper = f"<{PYTHONS[last + 1]}" if last + 1 < len(PYTHONS) else ""
    holes = [f"!={python}.*" for python in PYTHONS[first:last] if python not in suited]
    return ",".join(part for part in (lower, upper, *holes) if part)
