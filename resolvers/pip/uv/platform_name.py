"""The names uv has for platforms (``--python-platform``)."""

from __future__ import annotations

from analyzer.service import Platform

GLIBC = {
    "linux": "2_28",
    "debian:10": "2_28",
    "debian:11": "2_31",
    "debian:12": "2_36",
    "debian:13": "2_40",
    "debian:14": "2_40",
    "debian:sid": "2_40",
    "ubuntu:20.04": "2_31",
    "ubuntu:20.10": "2_32",
    "ubuntu:21.04": "2_33",
    "ubuntu:21.10": "2_34",
    "ubuntu:22.04": "2_35",
    "ubuntu:22.10": "2_36",
    "ubuntu:23.04": "2_37",
    "ubuntu:23.10": "2_38",
    "ubuntu:24.04": "2_39",
    "ubuntu:24.10": "2_40",
    "ubuntu:25.04": "2_40",
    "ubuntu:25.10": "2_40",
    "ubuntu:26.04": "2_40",
    "ubuntu:26.10": "2_40",
    "centos:7": "2_17",
    "centos:8": "2_28",
    "centos:9": "2_34",
    "centos:10": "2_39",
    "rhel:8": "2_28",
    "rhel:9": "2_34",
    "rhel:10": "2_39",
    "rocky:8": "2_28",
    "rocky:9": "2_34",
    "rocky:10": "2_39",
    "almalinux:8": "2_28",
    "almalinux:9": "2_34",
    "almalinux:10": "2_39",
    "oraclelinux:8": "2_28",
    "oraclelinux:9": "2_34",
    "oraclelinux:10": "2_39",
    "fedora:36": "2_35",
    "fedora:37": "2_36",
    "fedora:38": "2_37",
    "fedora:39": "2_38",
    "fedora:40": "2_39",
    "fedora:41": "2_40",
    "fedora:42": "2_40",
    "fedora:43": "2_40",
    "fedora:44": "2_40",
    "fedora:45": "2_40",
    "fedora:46": "2_40",
    "amazonlinux:2023": "2_34",
    "azurelinux:3.0": "2_38",
    "mariner:2.0": "2_35",
    "opensuse:15.5": "2_31",
    "opensuse:15.6": "2_38",
    "opensuse:16.0": "2_40",
    "opensuse:tumbleweed": "2_40",
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
