"""Which wheels fit a Service's platform, by their compatibility tags (PEP 425, 600, 656)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms

from analyzer.service import Platform
from resolvers.pip.uv.platform_name import GLIBC

_NEWEST_GLIBC = "2_50"
_NEWEST_MUSL = 10
_MACOS = (15, 0)
_OLD_MANYLINUX = ("manylinux2014", "manylinux2010", "manylinux1")
_WINDOWS = {"x86_64": "win_amd64", "aarch64": "win_arm64", "x86": "win32", "i686": "win32"}


@lru_cache(maxsize=64)
def supported_tags(platform: Platform, python: str) -> frozenset[Tag]:
    """The tags that CPython ``python`` (``major.minor``) can install on ``platform``.

    Where the platform's libc is not known, every wheel is taken to fit it.
    """
    version = tuple(int(part) for part in python.split("."))
    platforms = list(_platforms(platform))
    interpreter = "cp" + "".join(map(str, version))
    return frozenset(cpython_tags(version, platforms=platforms)) | frozenset(
        compatible_tags(version, interpreter, platforms)
    )


def _platforms(platform: Platform) -> Iterator[str]:
    system = platform.os.partition(":")[0]
    if system == "windows":
        yield _WINDOWS.get(platform.arch, f"win_{platform.arch}")
    elif system == "macos":
        yield from mac_platforms(_MACOS, "arm64" if platform.arch == "aarch64" else platform.arch)
    elif system == "alpine":
        yield from (f"musllinux_1_{minor}_{platform.arch}" for minor in range(_NEWEST_MUSL, -1, -1))
        yield f"linux_{platform.arch}"
    else:
        newest = int(GLIBC.get(platform.os, _NEWEST_GLIBC).partition("_")[2])
        yield from (f"manylinux_2_{minor}_{platform.arch}" for minor in range(newest, 4, -1))
        yield from (f"{name}_{platform.arch}" for name in _OLD_MANYLINUX)
        yield f"linux_{platform.arch}"
