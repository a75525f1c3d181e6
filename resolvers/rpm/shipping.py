"""What RPM packages hold for pip and for Gradle, as their Provides say.

rpm's generators write them from the metadata of what is packaged: ``python3.9dist(flask) = 2.0.1``
(python-rpm-generators), ``mvn(com.google.guava:guava) = 31.0.1`` (javapackages-tools).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from packaging.version import Version

from analyzer.package import Candidate, Package, pypi
from analyzer.universe import Universe
from resolvers.rpm.capability import Capability, Sense
from resolvers.rpm.universe import RpmUniverse
from resolvers.shipped import Content

_PYTHON = re.compile(r"python(?P<python>[0-9]\.[0-9]+)dist\((?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\)")
_MAVEN = re.compile(r"mvn\((?P<group>[^\s:()/]+):(?P<artifact>[^\s:()/]+)\)")
_DASHED = re.compile(r"\.((?:SNAPSHOT|jre|android|incubating|alpha|beta|rc)\b.*|(?:alpha|beta|rc)[0-9]+)$")
"""What Maven modules have after a dash, which javapackages-tools makes a dot."""
_TO_PEP_440 = (("~~dev", ".dev"), ("^post", ".post"), ("~", ""))
"""How python-rpm-generators writes what comes before and after a release, and how PEP 440 does."""


def contents(release: str, universe: Universe, unit: int) -> Iterator[Content]:
    """The Python distributions of a package, each on its Python, and its jars."""
    if isinstance(universe, RpmUniverse):
        for capability in universe.provided(unit):
            if found := _content(capability):
                yield found


def _content(capability: Capability) -> Content | None:
    if capability.sense != Sense.EQUAL:
        return None
    version = capability.evr.rpartition("-")[0] or capability.evr
    if match := _PYTHON.fullmatch(capability.name):
        own = _pep_440(version)
        marker = f'python_version == "{match["python"]}"'
        return Content(Candidate(pypi(match["name"]), own), marker) if own else None
    match = _MAVEN.fullmatch(capability.name)
    if match and version[:1].isdecimal():
        restored = _DASHED.sub(r"-\1", version)
        return Content(Candidate(Package("maven", match["artifact"], match["group"]), restored))
    return None


def _pep_440(version: str) -> str:
    """A distribution's version as PEP 440 has it; empty where it is none."""
    text = version.replace(":", "!", 1)
    for of_rpm, of_python in _TO_PEP_440:
        text = text.replace(of_rpm, of_python)
    try:
        return text if Version(text) else ""
    except ValueError:
        return ""
