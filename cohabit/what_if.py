"""The use case of a question: what would the Fleet need if a service required something else?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Written

from analyzer.comparison import Comparison
from analyzer.errors import CohabitError
from analyzer.origin import Origin
from analyzer.package import PYTHON, Package, pypi
from analyzer.prices.change import Change, Place, changed
from analyzer.service import Fleet, Service
from cohabit.auditing import Auditor, oracles_for
from cohabit.configuration_rule import did_you_mean, shown
from cohabit.fleet import Progress
from cohabit.settings import Settings

OPTION = Origin("--set")
_TYPED = re.compile(r"(?P<type>maven|deb|rpm|git)/(?:(?P<namespace>[^=<>]+)/)?(?P<name>[^/=<>\s]+)\s*=\s*(?P<rest>\S+)")


def read_change(text: str, fleet: Fleet) -> Change:
    """A change as ``SERVICE:REQUIREMENT``: ``billing:flask>=2``, ``billing:python>=3.12``,
    ``billing:maven/com.google.guava/guava=33.0``. Raises CohabitError where it is none, or of no service."""
    services = {service.name: service for service in fleet.services}
    # Names of services hold colons too, such as those of Gradle projects.
    name = max((n for n in services if text.startswith(f"{n}:")), key=len, default="")
    if not name:
        asked = text.partition(":")[0]
        raise CohabitError(f"--set {shown(text)}: there is no service {shown(asked)}{did_you_mean(asked, services)}")
    package, constraint = _requirement(text.removeprefix(f"{name}:").strip(), text)
    return Change(Place(name, package), _before(services[name], package), constraint)


def what_if(fleet: Fleet, changes: Iterable[Change], settings: Settings, progress: Progress) -> Comparison:
    """The Fleet as it is and as it would be, both examined and planned."""
    auditor = Auditor(settings, oracles_for(fleet, settings), progress)
    known = tuple(changes)
    return Comparison(auditor.report(fleet), auditor.report(changed(fleet, known, OPTION)))


def _requirement(text: str, whole: str) -> tuple[Package, str]:
    if found := _TYPED.fullmatch(text):
        package = Package(found["type"], found["name"], found["namespace"] or "")
        return package, found["rest"] if package.type in ("maven", "git") else f"={found['rest']}"
    try:
        written = Written(text)
    except InvalidRequirement as error:
        raise CohabitError(f"--set {shown(whole)}: {shown(text)} is no requirement") from error
    if written.url or written.marker:
        raise CohabitError(f"--set {shown(whole)}: takes a name and versions only")
    named = PYTHON if written.name == PYTHON.name else pypi(written.name)
    return named, str(written.specifier)


def _before(service: Service, package: Package) -> str:
    required = (*service.interpreter, *(r for group in service.sets for r in group.requirements))
    return ", ".join(dict.fromkeys(r.constraint for r in required if r.package == package))
