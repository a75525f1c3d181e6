"""Ports in the short and the long form of the Compose specification."""

from __future__ import annotations

import pytest

from analyzer.errors import ManifestError
from resolvers.deployment.ports import distinct, published
from resolvers.deployment.yaml_file import documents, parse

CASES = {
    '"3000"': ["3000/tcp"],
    "8013": ["8013/tcp"],
    '"3000-3002"': ["3000/tcp", "3001/tcp", "3002/tcp"],
    '"8000:8000"': ["8000/tcp"],
    "10000:10000": ["10000/tcp"],
    "22:22": ["22/tcp"],
    '"9090-9091:8080-8081"': ["8080/tcp", "8081/tcp"],
    '"49100:22"': ["22/tcp"],
    '"8000-9000:80"': ["80/tcp"],
    '"127.0.0.1:8001:8001"': ["8001/tcp"],
    '"127.0.0.1:5000-5001:5000-5001"': ["5000/tcp", "5001/tcp"],
    '"127.0.0.1::5000"': ["5000/tcp"],
    '"[::1]:6001:6001"': ["6001/tcp"],
    '"6060:6060/udp"': ["6060/udp"],
    '"53/UDP"': ["53/udp"],
    "{target: 80, host_ip: 127.0.0.1, published: '8080', protocol: udp}": ["80/udp"],
    "{name: web, target: 80, mode: host}": ["80/tcp"],
}


@pytest.mark.parametrize("text", CASES)
def test_forms(text: str) -> None:
    assert [str(port) for port in published(parse(next(documents(text, "f.yaml"))))] == CASES[text]


REFUSED = {
    '"http"': "is no port",
    '""': "is no port",
    '"0"': "is no port from 1 to 65535",
    '"70000"': "is no port from 1 to 65535",
    '"9-8"': "is no port from 1 to 65535",
    '"1-60000"': "is a range of more than 1000 ports",
    '"80/icmp"': "is no port of tcp, udp, sctp",
    "{published: 80}": "is no port from 1 to 65535",
    "[80]": "is a list where text is expected",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_port(text: str) -> None:
    with pytest.raises(ManifestError, match=REFUSED[text]):
        published(parse(next(documents(text, "f.yaml"))))


def test_each_port_counts_once() -> None:
    told = [
        port for line in ('"80"', '"53/udp"', '"8080:80"') for port in published(parse(next(documents(line, line))))
    ]
    assert [(str(port), port.origin.file) for port in distinct(told)] == [("53/udp", '"53/udp"'), ("80/tcp", '"80"')]
