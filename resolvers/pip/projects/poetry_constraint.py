"""Poetry's version constraints as PEP 440 specifiers.

Source: Poetry's documentation, "Dependency specification", and ``poetry.core.constraints.version``
of poetry-core 2.5, whose reading of corner cases is followed (``>=1.2.*`` is ``>=1.2``, ``~=1`` is
``>=1,<2``). A bound ``<V`` of a caret or tilde excludes the pre-releases of V, as in PEP 440.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from packaging.ranges import VersionRange
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.pep440 import versions
from resolvers.pip.requirements.requirement_line import LENGTH_LIMIT, excerpt
from resolvers.toml_file import TomlFile

Alternative = tuple[str, ...]
"""PEP 440 specifiers that hold together; ``()`` admits every version."""

TERMS_LIMIT = 100
"""Comparisons in one constraint (real ones have a dozen)."""

_OR = re.compile(r"\s*\|\|?\s*")
_TERM = re.compile(
    r"(?P<operator>\^|~=|~|==|=|!=|<=|>=|<|>|)\s*v?(?P<version>(?:\d+!)?[^\s,^~=<>!|*]+?)(?P<wildcard>(?:\.\*)*)"
)
_ALL = re.compile(r"(?i)v?[x*](\.[x*])*")
_SEPARATOR = re.compile(r"(?<![\^~=<>! ,]) *[, ] *(?![ ,]|$)")

MINORS = ("2.6", "2.7", *(f"3.{minor}" for minor in range(31)))
"""The feature releases of Python that exist or will for long."""


@dataclass(frozen=True, slots=True)
class Converted:
    """A PEP 440 specifier set; ``exact`` is false where it admits more than Poetry's constraint does."""

    specifier: str
    exact: bool = True


def alternatives(text: str, origin: Origin) -> tuple[Alternative, ...]:
    """The alternatives of a constraint (between ``||``). Raises ManifestError where it is none."""
    if len(text) > LENGTH_LIMIT:
        raise ManifestError(origin, f"is longer than {LENGTH_LIMIT} characters")
    try:
        options = tuple(_alternative(part.rstrip(", ")) for part in _OR.split(text.strip()))
        if sum(map(len, options)) > TERMS_LIMIT:
            raise ManifestError(origin, f"has more than {TERMS_LIMIT} comparisons")
        _union(map(_span, options))
        return options
    except ValueError as error:
        raise ManifestError(origin, f"is no Poetry constraint: {excerpt(text)}") from error


def constraint(text: str, origin: Origin) -> Converted:
    """A constraint on a distribution.

    Alternatives with a gap that PEP 440 cannot spell (``^1.2 || ^3.4``: it has no "or", and
    infinitely many versions lie between) become their hull, and are not ``exact``. Pre-releases of
    a version that starts an alternative are let in to spell a gap (``^1 || ^3`` is
    ``>=1,<4,!=2.*``). Raises ManifestError.
    """
    options = alternatives(text, origin)
    if len(options) == 1:
        return Converted(",".join(options[0]))
    union = _union(map(_span, options))
    hull = _hull(options, union)
    lenient = _union(_span(_with_prereleases(option)) for option in options)
    for spelled in (union, lenient & _span(hull)):
        found = spelled.to_specifier_set()
        if found is not None:
            return Converted(_plain(found))
    return Converted(",".join(hull), exact=False)


def interpreter(text: str, origin: Origin) -> str:
    """A constraint on Python as a specifier set.

    Alternatives are exact for the feature releases of Python that exist (``MINORS``), as in the
    ``requires-python`` that Poetry itself writes. Raises ManifestError.
    """
    options = alternatives(text, origin)
    if len(options) == 1:
        return ",".join(options[0])
    union = _union(map(_span, options))
    gaps = [minor for minor in MINORS if union.is_disjoint(_span((f"=={minor}.*",)))]
    hull = _hull(options, union)
    inside = [minor for minor in gaps if not _span(hull).is_disjoint(_span((f"=={minor}.*",)))]
    return ",".join([*hull, *(f"!={minor}.*" for minor in inside)])


def python_marker(text: str, origin: Origin) -> str:
    """A constraint on Python as an environment marker; ``""`` if every version will do. Raises ManifestError."""
    options = [" and ".join(map(_comparison, option)) for option in alternatives(text, origin)]
    return "" if "" in options else " or ".join(f"({option})" for option in options)


def platform_marker(text: str, origin: Origin) -> str:
    """A constraint on ``sys_platform`` as an environment marker. Raises ManifestError."""
    options = []
    for option in _OR.split(text.strip()):
        terms = [re.fullmatch(r"(==|=|!=|)\s*([A-Za-z0-9_.\-]+)", term.strip()) for term in option.split(",")]
        if None in terms:
            raise ManifestError(origin, f"is no platform constraint: {excerpt(text)}")
        options.append(" and ".join(f'sys_platform {"!=" if t[1] == "!=" else "=="} "{t[2]}"' for t in terms if t))
    return " or ".join(f"({option})" for option in options)


def table_markers(file: TomlFile, *path: str | int) -> tuple[str, ...]:
    """The markers that must all hold for the dependency whose table is at a key path: what ``markers``,
    ``python`` and ``platform`` say. Raises ManifestError."""
    origin, markers = file.origin(*path), [file.string(*path, "markers")]
    for key, read in (("python", python_marker), ("platform", platform_marker)):
        if text := file.string(*path, key):
            markers.append(read(text, origin))
    return tuple(filter(None, markers))


def _alternative(text: str) -> Alternative:
    return tuple(spec for term in _SEPARATOR.split(text) for spec in _term(term.strip()))


def _term(term: str) -> Alternative:
    if _ALL.fullmatch(term):
        return ()
    found = _TERM.fullmatch(term)
    if found is None:
        raise ValueError(term)
    version = Version(found["version"])
    text = str(version)
    match found["operator"], bool(found["wildcard"]):
        case "^", False:
            return f">={text}", f"<{_breaking(version)}"
        case "~", False:
            return f">={text}", f"<{_bumped(version, min(len(version.release), 2) - 1)}"
        case "~=", False:
            return f">={text}", f"<{_bumped(version, max(len(version.release) - 2, 0))}"
        case (("" | "=" | "=="), wildcard):
            return (f"=={text}{'.*' if wildcard else ''}",)
        case "!=", wildcard:
            return (f"!={text}{'.*' if wildcard else ''}",)
        case ("<" | "<=" | ">" | ">=") as operator, _:
            return (f"{operator}{text}",)
        case _:
            raise ValueError(term)


def _breaking(version: Version) -> str:
    # The first segment that is not zero changes, or the last of those that are given.
    release = version.release[:3]
    place = next((place for place, number in enumerate(release) if number), len(release) - 1)
    return _bumped(version, place)


def _bumped(version: Version, place: int) -> str:
    release = [*version.release[:place], version.release[place] + 1, *([0] if place == 0 else [])]
    epoch = f"{version.epoch}!" if version.epoch else ""
    return epoch + ".".join(map(str, release))


def _comparison(specifier: str) -> str:
    version = specifier.lstrip("=!<>")
    operator = specifier.removesuffix(version)
    variable = "python_full_version" if version.removesuffix(".*").count(".") > 1 else "python_version"
    return f'{variable} {operator} "{version}"'


def _span(option: Alternative) -> VersionRange:
    span = versions(",".join(option))
    if span is None:
        raise ValueError(option)
    return span


def _union(spans: Iterable[VersionRange]) -> VersionRange:
    union = VersionRange.empty(prereleases=True)
    for span in spans:
        union |= span
    return union


def _with_prereleases(option: Alternative) -> Alternative:
    return tuple(f"{spec}.dev0" if re.fullmatch(r">=[0-9!.]+", spec) else spec for spec in option)


def _hull(options: tuple[Alternative, ...], union: VersionRange) -> Alternative:
    """The tightest lower and upper bounds among the alternatives' own that admit the whole union."""
    hull: list[str] = []
    for operators in ((">=", ">"), ("<=", "<")):
        texts = sorted(operator + version for version in _ends(options) for operator in operators)
        wide = {text: _span((text,)) for text in texts if union.is_subset(_span((text,)))}
        hull += [text for text, span in wide.items() if all(map(span.is_subset, wide.values()))][:1]
    return tuple(hull)


def _ends(options: tuple[Alternative, ...]) -> set[str]:
    ends = set()
    for specifier in (specifier for option in options for specifier in option):
        version = specifier.lstrip("=!<>")
        if not version.endswith(".*"):
            ends.add(version)
        elif specifier.startswith("=="):
            base = Version(version[:-2])
            ends |= {f"{base}.dev0", _bumped(base, len(base.release) - 1)}
    return ends


def _plain(specifier: SpecifierSet) -> str:
    return ",".join(sorted(map(str, specifier), key=lambda text: (text.startswith("!"), text.startswith("<"), text)))
