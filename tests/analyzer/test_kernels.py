"""What services need of a kernel: which pairs clash, which alone."""

from __future__ import annotations

import pytest

from analyzer.kernels import is_kernel, kernel_cores
from analyzer.service import Service

FORWARD = "sysctl net.ipv4.ip_forward="
CASES: list[tuple[tuple[str, ...], tuple[str, ...], str]] = [
    ((">=5.10",), ("<6",), ""),
    ((">=5.10",), ("<5.10",), "kernel"),
    (("==5.10",), ("!=5.10",), "kernel"),
    (("<=5.4",), ("<5.15", ">5.4.0"), "kernel"),
    ((f"{FORWARD}1",), (f"{FORWARD}1",), ""),
    ((f"{FORWARD}1",), ("sysctl net/ipv4/ip_forward=0",), "net.ipv4.ip_forward"),
    ((f"{FORWARD}1",), ("sysctl kernel.domainname=1/0",), ""),
    (("module wireguard",), ("module zfs",), ""),
    (("privileged",), (">=5.10",), ""),
]


@pytest.mark.parametrize(("one", "other", "package"), CASES)
def test_pairs(one: tuple[str, ...], other: tuple[str, ...], package: str) -> None:
    cores = kernel_cores((Service("a", "a", kernel=one), Service("b", "b", kernel=other)))
    assert [(sorted(c.services), c.packages[0].name) for c in cores] == ([(["a", "b"], package)] if package else [])
    assert all(is_kernel(p) for core in cores for p in core.packages)


def test_who_clashes_alone() -> None:
    (core,) = kernel_cores((Service("a", "a", kernel=(">=6", "<5")), Service("b", "b", kernel=("module x",))))
    assert (core.services, len(core.demands)) == (frozenset("a"), 2)
