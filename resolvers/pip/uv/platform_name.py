"""The names uv has for platforms (``--python-platform``)."""

from __future__ import annotations

from analyzer.service import Platform

GLIBC = {
    "linux": "2_28",
    "debian:10": "2_28",
    "debian:11": "2_31",
    "debian:12": "2_36",
    "debian:13": "2_40",
    "ubuntu:20.04": "2_31",
    "ubuntu:22.04": "2_35",
    "ubuntu:24.04": "2_39",
    "centos:8": "2_28",
    "centos:9": "2_34",
    "rhel:8": "2_28",
    "rhel:9": "2_34",
    "fedora:40": "2_39",
    "fedora:41": "2_40",
    "fedora:42": "2_40",
    "amazonlinux:2023": "2_34",
}
"""The glibc of each release. uv knows manylinux up to 2.40, which newer ones run as well."""

ARCHITECTURES = ("x86_64", "aarch64")
_WINDOWS = {"x86_64": "x86_64-pc-windows-msvc", "aarch64": "aarch64-pc-windows-msvc"}


def uv_platform(platform: Platform) -> str | None:
    """uv's name for a platform; None where it has none, so that nothing can be asked about it."""
    if platform.arch not in ARCHITECTURES:
        return None
    system = platform.os.partition(":")[0]
    if system == "alpine":
        return f"{platform.arch}-unknown-linux-musl"
    if system == "macos":
        return f"{platform.arch}-apple-darwin"
    if system == "windows":
        return _WINDOWS[platform.arch]
    glibc = GLIBC.get(platform.os)
    return f"{platform.arch}-manylinux_{glibc}" if glibc else None
