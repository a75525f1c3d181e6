"""Which architectures a machine takes, and how packages of several stand side by side.

After rpm's ``rpmrc`` and libsolv's ``poolarch.c``. Packages of one name exclude each other only where
they have a colour in common (dnf sets libsolv's ``POOL_FLAG_IMPLICITOBSOLETEUSESCOLORS``), so that
``glibc.i686`` is installed beside ``glibc.x86_64``, though only at the same version.
"""

from __future__ import annotations

NOARCH = "noarch"

_I386 = ("i686", "i586", "i486", "i386")
_TAKEN: dict[str, tuple[tuple[str, ...], ...]] = {
    "x86_64": (("x86_64",), _I386),
    "i686": (_I386,),
    "s390x": (("s390x",), ("s390",)),
    "ppc64": (("ppc64",), ("ppc",)),
    "armv7hl": (("armv7hl", "armv6hl"),),
}
"""Classes of architectures, the best first; within a class one replaces the other."""


class Architecture:
    """What a machine of one architecture (as uname) takes."""

    def __init__(self, name: str) -> None:
        classes = _TAKEN.get(name, ((name,),))
        self._class = {arch: number for number, members in enumerate(classes) for arch in members}
        self._order = {arch: number for number, arch in enumerate((*self._class, NOARCH))}

    def takes(self, arch: str) -> bool:
        """Whether packages of ``arch`` can be installed."""
        return arch in self._order

    def order(self, arch: str) -> int:
        """Less is preferred."""
        return self._order[arch]

    def excludes(self, one: str, other: str) -> bool:
        """Whether packages of one name for these architectures exclude each other."""
        return NOARCH in (one, other) or self._class[one] == self._class[other]

    def inferior(self, arch: str, other: str) -> bool:
        """Whether ``arch`` is of a lesser class than ``other``; ``noarch`` is of none."""
        return NOARCH not in (arch, other) and self._class[arch] > self._class[other]
