"""systemd units: services that share the root filesystem of one machine (systemd.service(5))."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.service import Skipped
from resolvers.credentials import without_credentials
from resolvers.deployment.amount import binary_bytes, percent_cores
from resolvers.deployment.deployed import Deployed, Deployment, Kind
from resolvers.tree import Tree

ENDING = ".service"
LINE_LIMIT = 5_000
SHOWN = 200

_NAME = re.compile(r"[A-Za-z0-9:_.\\@-]{1,255}")
_PATH = re.compile(r"[-@:+!|]*(/[^\s\"']+)")
_CONTAINERS = frozenset({"docker", "podman", "containerd", "nerdctl", "systemd-nspawn"})
"""Programs that run a container, whose root filesystem is another."""

Values = Mapping[tuple[str, str], tuple[str, int]]
"""By section and key the last value that counts, and its line."""


def read_unit(tree: Tree, path: str, folders: Collection[str]) -> Deployment:
    """The service of a unit file, if one of ``folders`` is where its code lies.

    That is the one at the end of its ``WorkingDirectory`` or of the path of what it starts, the one that the unit
    lies in, or the one of its own name. A unit without one is of no service of the tree.
    """
    name = path.rpartition("/")[2].removesuffix(ENDING).rstrip("@")
    try:
        values = parse_unit(tree.read_text(path), path)
    except ManifestError as error:
        return Deployment((), (Skipped(path, error.reason, error.origin, incomplete=False),))
    started, line = values.get(("Service", "ExecStart"), ("", 0))
    folder = _folder(path, name, values, folders)
    if not started or folder is None or _NAME.fullmatch(name) is None or _program(started) in _CONTAINERS:
        return Deployment()
    text = without_credentials(f"ExecStart={started}"[: 4 * SHOWN])[:SHOWN]
    sizes = (binary_bytes(_value(values, key)) for key in ("MemoryMax", "MemoryLimit"))
    found = Deployed(
        name, Kind.SYSTEMD, Origin(path, line, text if text.isprintable() else ""), "",
        root="\0systemd", machine="\0systemd", folder=folder,
        memory=next(filter(None, sizes), None), cpu=percent_cores(_value(values, "CPUQuota")),
    )  # fmt: skip
    return Deployment((found,))


def parse_unit(text: str, path: str) -> Values:
    """The values of a unit file: an empty assignment resets a key, the last one counts, but the first command
    of ``ExecStart`` (systemd.syntax(7)). Raises ManifestError where it is absurdly long."""
    if text.count("\n") > LINE_LIMIT:
        raise ManifestError(Origin(path), f"has more than {LINE_LIMIT} lines")
    found: dict[tuple[str, str], tuple[str, int]] = {}
    section = ""
    for number, line in _lines(text):
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
        elif "=" in line:
            name, _, value = line.partition("=")
            key = (section, name.strip())
            if value.strip() and not (name.strip() == "ExecStart" and key in found):
                found[key] = (value.strip(), number)
            elif not value.strip():
                found.pop(key, None)
    return found


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines that say something, with those that a backslash continues joined."""
    begun, start = "", 0
    for number, line in enumerate(text.split("\n"), start=1):
        stripped = line.strip()
        if stripped.startswith(("#", ";")):
            continue
        start = start if begun else number
        if stripped.endswith("\\"):
            begun += stripped[:-1] + " "
            continue
        if whole := (begun + stripped).strip():
            yield start, whole
        begun = ""
    if begun.strip():
        yield start, begun.strip()


def _value(values: Values, key: str) -> str:
    return values.get(("Service", key), ("", 0))[0]


def _program(started: str) -> str:
    found = _PATH.match(started)
    return found[1].rpartition("/")[2] if found else ""


def _folder(path: str, name: str, values: Values, folders: Collection[str]) -> str | None:
    said = [_value(values, "WorkingDirectory").lstrip("-"), *_PATH.findall(_value(values, "ExecStart"))]
    for known in said:
        parts = [part for part in known.split("/") if part]
        for end in range(len(parts), 0, -1):
            fitting = _ending(parts[:end], folders)
            if len(fitting) == 1:
                return fitting[0]
    place = path.rpartition("/")[0]
    while place and place not in folders:
        place = place.rpartition("/")[0]
    named = [place] if place else [folder for folder in folders if folder.rpartition("/")[2] == name]
    if not named and set(folders) == {""}:
        return ""
    return named[0] if len(named) == 1 else None


def _ending(parts: list[str], folders: Collection[str]) -> list[str]:
    """The folders that a path on the machine ends with, the longest first found."""
    for start in range(max(0, len(parts) - 6), len(parts)):
        if (tail := "/".join(parts[start:])) in folders:
            return [tail]
    return [folder for folder in folders if folder and folder.rpartition("/")[2] == parts[-1]]
