"""systemd units (systemd.service(5), systemd.syntax(7))."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.deployment.systemd import read_unit
from tests.hostile import EXAMPLES
from tests.resolvers.deployment.tree_of import tree_of

UNIT = """# comment
[Unit]
Description=Billing
[Service]
User=app
WorkingDirectory=-/opt/shop/billing
ExecStartPre=/bin/true
ExecStart=/opt/shop/billing/venv/bin/python \\
  -m billing
MemoryMax=
MemoryMax=512M
CPUQuota=150%
[Install]
WantedBy=multi-user.target
"""


def test_a_unit(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, {"deploy/shop-billing.service": UNIT})
    (found,) = read_unit(tree, "deploy/shop-billing.service", ["services/billing", "services/search"]).deployed
    assert (found.name, found.folder, found.memory, found.cpu) == ("shop-billing", "services/billing", 512 * 2**20, 1.5)
    assert (found.origin.line, found.root, found.machine) == (8, "\0systemd", "\0systemd")


PLACES = {
    "where it works": ("WorkingDirectory=/srv/api\nExecStart=/usr/bin/python3 main.py", "d/x.service", "services/api"),
    "what it starts": ("ExecStart=/opt/api/bin/run", "d/x.service", "services/api"),
    "what python starts": ("ExecStart=/usr/bin/python3 /opt/api/main.py", "d/x.service", "services/api"),
    "where it lies": ("ExecStart=/usr/bin/foo", "services/web/x.service", "services/web"),
    "its name": ("ExecStart=/usr/bin/foo", "d/api.service", "services/api"),
    "of a template": ("ExecStart=/usr/bin/foo", "d/api@.service", "services/api"),
    "two fit": ("WorkingDirectory=/srv/jobs\nExecStart=/bin/x", "d/x.service", None),
    "none fits": ("ExecStart=/usr/sbin/nginx", "d/nginx.service", None),
    "starts nothing": ("WorkingDirectory=/srv/api", "d/x.service", None),
    "starts a container": ("WorkingDirectory=/srv/api\nExecStart=/usr/bin/docker run x", "d/x.service", None),
}
FOLDERS = ["services/api", "services/web", "a/jobs", "b/jobs"]


@pytest.mark.parametrize("case", PLACES)
def test_where_the_code_of_a_unit_lies(tmp_path: Path, case: str) -> None:
    text, path, folder = PLACES[case]
    found = read_unit(tree_of(tmp_path, {path: f"[Service]\n{text}\n"}), path, FOLDERS).deployed
    assert [service.folder for service in found] == ([] if folder is None else [folder])


@given(st.binary() | st.text("[Service]\n=ExecStart/ap\\ ", max_size=80).map(str.encode))
@settings(max_examples=EXAMPLES, deadline=None)
def test_any_bytes_are_read_or_told(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    root = tmp_path_factory.getbasetemp() / "any-unit"
    root.mkdir(exist_ok=True)
    (root / "a.service").write_bytes(content)
    read_unit(tree_of(root, {}), "a.service", ["a", ""])
