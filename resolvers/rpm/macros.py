"""Macros of a ``.spec`` file, as far as they can be expanded without running anything (rpm-macros(7)).

A macro may run a shell or Lua, and most are defined by a distribution's own files. What is not known
here stays as it is written, and the expansion says that it is not known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

DEPTH_LIMIT = 30
LENGTH_LIMIT = 20_000
WORK_LIMIT = 50_000
"""Expansions of one file, so that macros that double each other end."""

_START = re.compile(r"%(?:%|\{|\(|\[|(?P<sign>[!?]*)(?P<name>[A-Za-z_]\w{2,})|[#*0-9])")
_BRACED = re.compile(r"(?P<sign>[!?]*)(?P<name>[A-Za-z_]\w*)(?::(?P<value>.*))?", re.DOTALL)
_CONDITION = re.compile(r"(?P<which>with|without)\s+(?P<name>\w+)")
_CLOSING = {"{": "}", "(": ")", "[": "]"}

_ISA = {
    "x86_64": "(x86-64)", "aarch64": "(aarch-64)", "i686": "(x86-32)", "ppc64le": "(ppc-64)", "s390x": "(s390-64)",
}  # fmt: skip
_EVERYWHERE = {
    "nil": "", "_prefix": "/usr", "_exec_prefix": "/usr", "_bindir": "/usr/bin", "_sbindir": "/usr/sbin",
    "_libexecdir": "/usr/libexec", "_datadir": "/usr/share", "_sysconfdir": "/etc", "_localstatedir": "/var",
    "_sharedstatedir": "/var/lib", "_unitdir": "/usr/lib/systemd/system", "_mandir": "/usr/share/man",
    "__python3": "/usr/bin/python3", "python3_pkgversion": "3", "systemd_ordering": "",
    "systemd_requires": "Requires(post): systemd\nRequires(preun): systemd\nRequires(postun): systemd\n",
}  # fmt: skip
_FAMILIES = {
    "fedora": ("fedora", "fc"), "centos": ("rhel", "el"), "rhel": ("rhel", "el"), "rocky": ("rhel", "el"),
    "almalinux": ("rhel", "el"), "oraclelinux": ("rhel", "el"), "amazonlinux": ("amzn", "amzn"),
}  # fmt: skip
_OF_RELEASES = ("fedora", "rhel", "centos", "amzn", "suse_version", "sle_version", "is_opensuse", "openEuler", "mageia")
"""Macros that one distribution defines and the others do not."""

_NEVER = ("scl", "scl_prefix", "bootstrap", "flatpak", "_with_check", "mdkversion")


@dataclass(frozen=True, slots=True)
class Expanded:
    """A text after expansion; ``known`` is false where a part of it only a build can tell."""

    text: str
    known: bool = True


def predefined(release: str, arch: str) -> dict[str, str | None]:
    """What macros stand for on a release (``centos:9``, or nothing) and architecture. None: not defined."""
    values: dict[str, str | None] = {**_EVERYWHERE, **dict.fromkeys(_NEVER)}
    values |= {"_arch": arch, "_target_cpu": arch, "_isa": _ISA.get(arch, "")}
    values["_lib"], values["_libdir"] = ("lib", "/usr/lib") if arch == "i686" else ("lib64", "/usr/lib64")
    distribution, _, version = release.partition(":")
    major = version.partition(".")[0]
    if distribution in _FAMILIES and major.isdigit():
        macro, tag = _FAMILIES[distribution]
        values |= {**dict.fromkeys(_OF_RELEASES), macro: major, "dist": f".{tag}{major}"}
        values["centos"] = major if distribution == "centos" else None
    return values


@dataclass
class Macros:
    """The macros that are defined at a place of a file. A body of None is one that is known to be undefined."""

    values: dict[str, str | None] = field(default_factory=dict)
    opaque: set[str] = field(default_factory=set)
    work: int = 0

    def define(self, name: str, body: str, *, known: bool = True) -> None:
        """Give a macro a body. One that takes parameters, or that only a run can tell, is not ``known``."""
        self.values[name] = body
        (self.opaque.discard if known else self.opaque.add)(name)

    def undefine(self, name: str) -> None:
        """Take a macro away."""
        self.values[name] = None
        self.opaque.discard(name)

    def expand(self, text: str, depth: int = 0) -> Expanded:
        """``text`` with what its macros stand for."""
        if len(text) > LENGTH_LIMIT or depth > DEPTH_LIMIT:
            return Expanded(text[:LENGTH_LIMIT], known=False)
        parts: list[str] = []
        known, place, length = True, 0, 0
        while found := _START.search(text, place):
            self.work += 1
            piece, end = self._one(text, found, depth)
            parts += text[place : found.start()], piece.text
            place, length = end, length + found.start() - place + len(piece.text)
            known = known and piece.known
            if self.work > WORK_LIMIT or length > LENGTH_LIMIT:
                known = False
                break
        return Expanded("".join((*parts, text[place:]))[: 2 * LENGTH_LIMIT], known)

    def _one(self, text: str, found: re.Match[str], depth: int) -> tuple[Expanded, int]:
        """What stands for the macro that begins at ``found``, and where it ends."""
        if found["name"]:
            value = self._named(found["sign"], found["name"], None, depth)
            return value or Expanded(found[0], known=False), found.end()
        opening = found[0][1:]
        if opening == "%":
            return Expanded("%"), found.end()
        if opening not in _CLOSING:
            return Expanded(found[0], known=False), found.end()
        end = _closing(text, found.end(), opening)
        if end < 0:
            return Expanded(text[found.start() :], known=False), len(text)
        value = self._braced(text[found.end() : end], depth) if opening == "{" else None
        return value or Expanded(text[found.start() : end + 1], known=False), end + 1

    def _braced(self, content: str, depth: int) -> Expanded | None:
        if condition := _CONDITION.fullmatch(content.strip()):
            value = self.values.get(f"with_{condition['name']}")
            is_with = value == "1"
            return Expanded("1" if is_with == (condition["which"] == "with") else "0") if value else None
        match = _BRACED.fullmatch(content)
        return self._named(match["sign"], match["name"], match["value"], depth) if match else None

    def _named(self, sign: str, name: str, value: str | None, depth: int) -> Expanded | None:
        """None where it cannot be told what it stands for."""
        if name in self.opaque or name not in self.values:
            return None
        body = self.values[name]
        if "?" in sign:
            is_there = (body is not None) != ("!" in sign)
            chosen = (value if value is not None else body if "!" not in sign else "") if is_there else ""
            return self.expand(chosen or "", depth + 1)
        return None if body is None or value is not None else self.expand(body, depth + 1)


def _closing(text: str, start: int, opening: str) -> int:
    """Where the bracket that was opened before ``start`` is closed, -1 where it is not."""
    depth = 1
    for place in range(start, min(len(text), start + LENGTH_LIMIT)):
        depth += (text[place] == opening) - (text[place] == _CLOSING[opening])
        if depth == 0:
            return place
    return -1


def unclosed(text: str) -> bool:
    """Whether a ``%{`` of ``text`` goes on in the next line."""
    place = text.find("%{")
    while place >= 0:
        end = _closing(text, place + 2, "{")
        if end < 0:
            return True
        place = text.find("%{", end)
    return False
