"""``EXPOSE``: the ports that an image's process is meant to listen on (docs.docker.com/reference/dockerfile)."""

from __future__ import annotations

import re

from analyzer.origin import Origin
from analyzer.service import Port

HIGHEST = 65535
WIDEST = 64
"""Ports of the widest range that counts. Wider ones (media, passive FTP) are for what comes and goes."""
MOST = 256
"""Ports of one image that count."""

_SPEC = re.compile(r"(?P<first>[0-9]{1,5})(?:-(?P<last>[0-9]{1,5}))?(?:/(?P<protocol>tcp|udp|sctp))?", re.IGNORECASE)


class NoPortError(ValueError):
    """A word that names no port, or more of them than count."""


def expose(word: str, origin: Origin, ports: dict[str, Port]) -> None:
    """Add the ports of ``8080``, ``53/udp``, ``7000-7002/tcp``, by ``8080/tcp``. Raises NoPortError with a reason."""
    match = _SPEC.fullmatch(word)
    if match is None:
        raise NoPortError("names no port that is known without a build")
    first = int(match["first"])
    last = int(match["last"] or first)
    if not 0 < first <= last <= HIGHEST:
        raise NoPortError("names no port")
    if last - first >= WIDEST or len(ports) + last - first >= MOST:
        raise NoPortError("is one of too many ports, which are not told apart")
    protocol = (match["protocol"] or "tcp").lower()
    for number in range(first, last + 1):
        ports.setdefault(f"{number}/{protocol}", Port(number, origin, protocol))
