"""One dependency specifier (PEP 508) as a Requirement."""

from __future__ import annotations

import re
from dataclasses import replace

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Specifier
from packaging.utils import canonicalize_name

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.package import pypi
from analyzer.requirement import Force, Requirement
from analyzer.service import Skipped
from resolvers.credentials import without_credentials
from resolvers.pip import target
from resolvers.pip.declared import Context
from resolvers.pip.requirements.direct_reference import Reference, read_reference

LENGTH_LIMIT = 10_000
"""Characters of the longest specifier that is parsed."""

DIGIT_LIMIT = 640
"""Digits in a row that Python converts to a number under every setting (``sys.int_info``)."""

SHOWN = 200
"""Characters of an input that are kept to show it."""

_HUGE_NUMBER = re.compile(rf"[0-9]{{{DIGIT_LIMIT + 1}}}")
_VARIABLE = re.compile(r"\$\{(?!PROJECT_ROOT\})([A-Z0-9_]+)\}")


def read_requirement(
    text: str,
    origin: Origin,
    context: Context,
    *,
    force: Force = Force.REQUIRES,
    extras: tuple[str, ...] = ("",),
) -> Requirement | Skipped | None:
    """The Requirement that ``text`` states, a Skipped where it is none, None where its marker never holds.

    ``extras`` are those that count as chosen in ``extra == "…"`` markers. Relative paths in a direct
    reference are relative to the folder of ``origin.file``.
    """
    origin = shown_at(origin)
    try:
        specifier = _parse(text, origin)
        marker = open_marker(str(specifier.marker or ""), origin, context, extras)
        if marker is None:
            return None
        found = Requirement(
            pypi(specifier.name),
            str(specifier.specifier),
            origin,
            tuple(sorted({canonicalize_name(extra) for extra in specifier.extras})),
            force,
            marker=marker,
        )
        return _from_url(found, specifier.url, origin) if specifier.url else found
    except ManifestError as error:
        return Skipped(excerpt(text), error.reason, origin)


def read_unnamed(
    text: str,
    origin: Origin,
    context: Context,
    *,
    force: Force = Force.REQUIRES,
) -> Requirement | Skipped | None:
    """As ``read_requirement``, for a URL without ``name @`` before it (pip only, not in PEP 508).

    The name comes from ``#egg=`` or a wheel's file name.
    """
    origin = shown_at(origin)
    url, _, condition = text.partition("; ")
    try:
        _check_size(text, origin)
        marker = open_marker(condition.strip(), origin, context)
        if marker is None:
            return None
        reference = read_reference(url, origin)
        if not reference.name:
            raise ManifestError(origin, "has no name: neither #egg= nor a wheel's file name gives one")
        named = Requirement(pypi(reference.name), "", origin, reference.extras, force, marker=marker)
        return located(named, reference)
    except ManifestError as error:
        return Skipped(excerpt(text), error.reason, origin)


def open_marker(marker: str, origin: Origin, context: Context, extras: tuple[str, ...] = ("",)) -> str | None:
    """What the platform leaves of a marker: ``""`` where it always holds, None where it never does.

    Raises ManifestError where the text is no marker.
    """
    try:
        left = target.reduce(marker, context.platform, context.pythons, extras)
        if left and "extra" in left:
            return _by_python(left, context, extras)
    except (ValueError, RecursionError) as error:
        raise ManifestError(origin, "has a marker that cannot be evaluated") from error
    return left


def located(found: Requirement, reference: Reference) -> Requirement:
    """``found`` as coming from ``reference``, with the version and extras that this implies."""
    constraint = f"=={reference.version}" if reference.version else ""
    extras = tuple(sorted({*found.extras, *reference.extras}))
    return replace(found, constraint=constraint, extras=extras, source=reference.source)


def shown_at(origin: Origin) -> Origin:
    """``origin`` with its text fit to be shown: short and without credentials."""
    return replace(origin, text=excerpt(origin.text))


def excerpt(text: str) -> str:
    """The beginning of ``text``, without credentials."""
    # Cut generously first: a login must not lose its "@" to the cut and so pass for a host.
    clean = without_credentials(text[: 20 * SHOWN].strip())
    return clean if len(clean) <= SHOWN else clean[: SHOWN - 1] + "…"


def _parse(text: str, origin: Origin) -> Specifier:
    _check_size(text, origin)
    try:
        return Specifier(text.strip())
    except InvalidRequirement as error:
        reason = str(error).partition("\n")[0]
        raise ManifestError(origin, f"is no PEP 508 requirement: {excerpt(reason)}") from error
    except (RecursionError, ValueError) as error:
        raise ManifestError(origin, "cannot be parsed") from error


def _check_size(text: str, origin: Origin) -> None:
    variable = _VARIABLE.search(text)
    if variable is not None:
        raise ManifestError(origin, f"depends on the environment variable {variable[1]}, which is not read")
    if len(text) > LENGTH_LIMIT:
        raise ManifestError(origin, f"is longer than {LENGTH_LIMIT} characters")
    if _HUGE_NUMBER.search(text):
        raise ManifestError(origin, f"holds a number of more than {DIGIT_LIMIT} digits")


def _by_python(marker: str, context: Context, extras: tuple[str, ...]) -> str:
    # Who evaluates the rest later no longer knows which extras were chosen.
    pythons = (p for p in context.pythons if target.holds(marker, context.platform, p, extras))
    return " or ".join(f'python_version == "{python}"' for python in pythons)


def _from_url(found: Requirement, url: str, origin: Origin) -> Requirement:
    reference = read_reference(url, origin)
    if reference.version and pypi(reference.name) != found.package:
        raise ManifestError(origin, f"asks for {found.package.name} where {reference.name} lies")
    return located(found, replace(reference, name=found.package.name))
