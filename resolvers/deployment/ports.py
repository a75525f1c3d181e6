"""Ports as Compose writes them: ``8080``, ``8080:80``, ``127.0.0.1:8000-8010:8000-8010/udp``, or a mapping."""

from __future__ import annotations

import re
from collections.abc import Iterable

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.service import Port
from resolvers.deployment.yaml_file import Tag, Yaml

RANGE_LIMIT = 1_000
"""Ports of the widest range that is taken port by port."""
PORTS = range(1, 65_536)
PROTOCOLS = ("tcp", "udp", "sctp")

_SHORT = re.compile(
    r"(?:(?:(?:\[[0-9A-Fa-f:.%]+\]|[^\s:\[\]/]+):)?(?:[0-9]{1,5}(?:-[0-9]{1,5})?)?:)?"
    r"(?P<first>[0-9]{1,5})(?:-(?P<last>[0-9]{1,5}))?(?:/(?P<protocol>[A-Za-z]+))?"
)


def published(value: Yaml) -> tuple[Port, ...]:
    """The container's ports of a member of ``ports`` or ``expose``. Raises ManifestError."""
    if value.tag is Tag.MAP:
        target, protocol = value.get("target"), value.get("protocol").scalar() or "tcp"
        return between(target.scalar(), "", protocol, value.origin)
    text = value.scalar()
    found = _SHORT.fullmatch(text.strip())
    if found is None:
        why = f": nothing sets {', '.join(value.unset)}" if value.unset else ""
        raise ManifestError(value.origin, f"is no port{why}")
    return between(found["first"], found["last"] or "", found["protocol"] or "tcp", value.origin)


def between(first: str, last: str, protocol: str, origin: Origin) -> tuple[Port, ...]:
    """The ports from ``first`` to ``last`` (that one alone where it is empty). Raises ManifestError."""
    known = re.fullmatch(r"[0-9]{1,5}", first) and re.fullmatch(r"[0-9]{0,5}", last)
    numbers = range(int(first), int(last or first) + 1) if known else range(0)
    if not numbers or numbers[0] not in PORTS or numbers[-1] not in PORTS:
        raise ManifestError(origin, "is no port from 1 to 65535")
    if protocol.lower() not in PROTOCOLS:
        raise ManifestError(origin, f"is no port of {', '.join(PROTOCOLS)}")
    if len(numbers) > RANGE_LIMIT:
        raise ManifestError(origin, f"is a range of more than {RANGE_LIMIT} ports")
    return tuple(Port(number, origin, protocol.lower()) for number in numbers)


def distinct(ports: Iterable[Port]) -> tuple[Port, ...]:
    """Each port once, where it is told first, in the order of numbers."""
    first: dict[tuple[int, str], Port] = {}
    for port in ports:
        first.setdefault((port.number, port.protocol), port)
    return tuple(first[key] for key in sorted(first))
