"""Compose files in the shapes of public demos, by the rules of the Compose specification."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.deployment.compose import read_compose
from resolvers.deployment.deployed import Deployed, Deployment
from resolvers.seam import Recipe
from tests.hostile import EXAMPLES
from tests.resolvers.deployment.tree_of import tree_of


def read(root: Path, files: dict[str, str], folder: str = "") -> Deployment:
    return read_compose(tree_of(root, files), folder)


def service(root: Path, body: str, **files: str) -> Deployed:
    """The only service of a file, of which ``body`` is the inside."""
    found = read(root, {"compose.yaml": f"services:\n  a:\n    {body.strip()}\n", **files})
    assert [s.reason for s in found.skipped] == []
    (only,) = found.deployed
    return only


ROBOT_SHOP = """
version: '3'
services:
  mongodb:
    build:
      context: mongo
    image: ${REPO}/rs-mongodb:${TAG}
    logging: &logging
      driver: "json-file"
      options: {max-size: "25m", max-file: "2"}
  redis:
    image: redis:6.2-alpine
    networks: [robot-shop]
    logging:
      <<: *logging
  web:
    build:
      context: web
      args: {KEY: '${INSTANA_AGENT_KEY}'}
    image: ${REPO}/rs-web:${TAG}
    ports:
      - "8080:8080"
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:8080/"]
networks:
  robot-shop:
"""


def test_a_demo_with_a_folder_for_each_service(tmp_path: Path) -> None:
    found = read(tmp_path, {"docker-compose.yaml": ROBOT_SHOP, ".env": "REPO=robotshop\nTAG=2.1.0\n"})
    assert [(s.name, s.folder, s.image, [str(p) for p in s.ports], s.origin.line) for s in found.deployed] == [
        ("mongodb", "mongo", "robotshop/rs-mongodb:2.1.0", [], 4),
        ("redis", None, "redis:6.2-alpine", [], 11),
        ("web", "web", "robotshop/rs-web:2.1.0", ["8080/tcp"], 16),
    ]
    assert found.deployed[2].recipe == Recipe("web/Dockerfile", "web", "", (("KEY", ""),))
    assert len({s.root for s in found.deployed}) == 3
    assert len({s.machine for s in found.deployed}) == 1
    assert [(s.what, s.reason, s.incomplete) for s in found.skipped] == [
        ("variables", "nothing in the audited folder sets INSTANA_AGENT_KEY: they count as empty", False)
    ]


def test_a_demo_with_one_context_and_a_dockerfile_each(tmp_path: Path) -> None:
    text = """
services:
  ad:
    image: ${IMAGE_NAME}:${DEMO_VERSION}-ad
    build:
      context: ./
      dockerfile: ${AD_DOCKERFILE}
      target: runtime
      platforms: [linux/amd64]
    deploy:
      resources:
        limits:
          memory: 300M
    ports:
      - "${AD_PORT}"
"""
    (found,) = read(
        tmp_path, {"compose.yaml": text, ".env": "AD_PORT=9555\nAD_DOCKERFILE=./src/ad/Dockerfile\n"}
    ).deployed
    assert (found.folder, found.recipe) == ("", Recipe("src/ad/Dockerfile", "", "runtime"))
    assert (found.memory, [str(port) for port in found.ports]) == (300 * 2**20, ["9555/tcp"])


BODIES = {
    "build: ./api": {"folder": "api", "image": ""},
    "build: {context: ., dockerfile: docker/api.Dockerfile}": {
        "folder": "", "recipe": Recipe("docker/api.Dockerfile", ""),
    },
    "build: {context: api, args: [A=1, B], target: x}\n    platform: linux/arm64": {
        "recipe": Recipe("api/Dockerfile", "api", "x", (("A", "1"),), "linux/arm64"), "platform": "linux/arm64",
    },
    "image: redis:7": {"folder": None, "recipe": None, "image": "redis:7"},
    "image: user:secret@index.example/a?token=x": {"image": "index.example/a"},
    "image: a\n    mem_limit: 1g\n    cpus: 1.5": {"memory": 2**30, "cpu": 1.5},
    "image: a\n    mem_limit: 1g\n    mem_reservation: 64m": {"memory": 64 * 2**20},
    "image: a\n    deploy: {replicas: 3, resources: {reservations: {cpus: '0.25', memory: 50M}}}": {
        "replicas": 3, "cpu": 0.25, "memory": 50 * 2**20,
    },
    "image: a\n    scale: 2": {"replicas": 2},
    "image: a\n    privileged: true\n    sysctls: [net.core.somaxconn=1024]": {
        "kernel": ("privileged", "sysctl net.core.somaxconn=1024"),
    },
    "image: a\n    sysctls: {net.ipv4.ip_forward: 1}\n    cap_add: [ALL]": {
        "kernel": ("privileged", "sysctl net.ipv4.ip_forward=1"),
    },
    "image: a\n    cap_add: [NET_ADMIN]": {"kernel": ()},
    "image: a\n    devices: ['/dev/kvm:/dev/kvm', {source: /dev/net/tun, target: /dev/net/tun}]": {
        "devices": ("/dev/kvm", "/dev/net/tun"),
    },
    "image: a\n    deploy: {resources: {reservations: {devices: [{driver: nvidia, count: 1, capabilities: [gpu]}]}}}": {
        "devices": ("nvidia.com/gpu",),
    },
    "image: a\n    gpus: all\n    runtime: nvidia": {"devices": ("nvidia.com/gpu",)},
    "image: a\n    network_mode: host\n    pid: 'service:b'": {
        "notes": ("shares the network namespace of the machine", "shares the process namespace of b"),
    },
    "image: a\n    network_mode: 'service:b'\n    profiles: [debug]": {
        "notes": ("shares the network namespace of b", "starts in the profile debug only"),
    },
}  # fmt: skip


@pytest.mark.parametrize("body", BODIES)
def test_what_a_service_says(tmp_path: Path, body: str) -> None:
    found = service(tmp_path, body)
    assert {name: getattr(found, name) for name in BODIES[body]} == BODIES[body]


def test_extends_and_overrides(tmp_path: Path) -> None:
    files = {
        "compose.yaml": """
services:
  api:
    extends: {file: common/base.yml, service: base}
    build: ./services/api
  worker:
    extends: {service: api}
    ports: !reset []
    command: [worker]
  other:
    extends: {file: common/base.yml, service: base}
    ports: !override ["1"]
""",
        "common/base.yml": """
services:
  base:
    build: {context: ., args: {A: 1, B: 1}}
    ports: ["8000:8000"]
    mem_limit: 64m
""",
        "compose.override.yaml": """
services:
  api:
    ports: ["9000"]
    build: {target: prod, args: [B=2]}
  extra: {image: mailhog}
""",
    }
    found = {s.name: s for s in read(tmp_path, files).deployed}
    ports = {name: [port.number for port in s.ports] for name, s in found.items()}
    assert ports == {"api": [8000, 9000], "worker": [], "other": [1], "extra": []}
    arguments = (("A", "1"), ("B", "2"))
    assert found["api"].recipe == Recipe("services/api/Dockerfile", "services/api", "prod", arguments)
    assert found["other"].folder == "common"
    assert found["worker"].folder == "services/api"
    assert found["worker"].memory == 64 * 2**20


def test_include(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "include: [infra/compose.yaml, {path: [a.yml, b.yml], project_directory: deep}]\n"
        "services: {web: {build: web}}\n",
        "infra/compose.yaml": "services: {db: {image: 'postgres:${PG}'}, own: {build: ./own}}\n",
        "infra/.env": "PG=16\n",
        "a.yml": "services: {x: {build: here}}\n",
        "b.yml": "services: {x: {image: y}}\n",
    }
    found = read(tmp_path, files)
    assert {(s.name, s.folder, s.image) for s in found.deployed} == {
        ("db", None, "postgres:16"), ("own", "infra/own", ""), ("x", "deep/here", "y"), ("web", "web", ""),
    }  # fmt: skip
    assert found.skipped == ()


FILES: dict[str, tuple[dict[str, str], list[str]]] = {
    "compose.yaml goes first": ({"compose.yaml": "a", "docker-compose.yml": "b"}, ["a"]),
    "the override is read too": ({"docker-compose.yml": "a", "docker-compose.override.yml": "b"}, ["a", "b"]),
    "others are not": ({"compose.yml": "a", "compose.dev.yml": "b"}, ["a"]),
    "the only one counts": ({"docker-compose.prod.yml": "a"}, ["a"]),
    "of several nothing says which": ({"docker-compose.prod.yml": "a", "docker-compose.dev.yml": "b"}, []),
    ".env says which": (
        {"compose.yaml": "a", "compose.prod.yaml": "b", "compose.x.yaml": "c", ".env": ".env"},
        ["a", "b"],
    ),
}


@pytest.mark.parametrize("case", FILES)
def test_which_files_are_read_together(tmp_path: Path, case: str) -> None:
    files, expected = FILES[case]
    texts = {name: f"services: {{{word}: {{image: x}}}}\n" for name, word in files.items()}
    if ".env" in texts:
        texts[".env"] = "COMPOSE_FILE=compose.yaml:compose.prod.yaml\n"
    found = read(tmp_path, texts)
    assert [s.name for s in found.deployed] == expected
    unread = [s for s in found.skipped if "counts only where COMPOSE_FILE" in s.reason]
    assert len(unread) == len(set(texts) - {".env"}) - len(expected)
    assert not any(s.incomplete for s in unread)


BROKEN = {
    "services: [x]\n": ("compose.yaml", "is a list where a mapping is expected"),
    "services: {a: 5}\n": ("service a", "is an integer where a mapping is expected"),
    "services: {a: {ports: [80]}}\n": ("service a", "has neither an image nor a build"),
    "services: {'a b': {image: x}}\n": ("service ?", "has a name that Compose does not allow"),
    "services: {a: {extends: b}, b: {extends: a}}\n": ("service a", "service b extends itself"),
    "services: {a: {extends: {file: ../x.yml, service: b}}}\n": ("service a", "leads out of the audited folder"),
    "services: {a: {extends: c}}\n": ("service a", "extends c, which is no service of compose.yaml"),
    "include: [compose.yaml]\n": ("compose.yaml", "includes itself"),
    "include: [https://git.example/x]\n": ("https:/git.example/x", "does not exist"),
    "services: {a: {image: x, <<: 5}}\n": ("compose.yaml", "is an integer where a mapping is expected"),
}


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_broken_is_told(tmp_path: Path, text: str) -> None:
    found = read(tmp_path, {"compose.yaml": text})
    assert BROKEN[text] in [(s.what, s.reason) for s in found.skipped]
    assert all(s.incomplete for s in found.skipped)


BUILDS = {
    "build: https://git.example/x.git#main": ("is built from outside of the audited folder", None),
    "build: git@git.example:x/y": ("is built from outside of the audited folder", None),
    "build: ../elsewhere": ("leads out of the audited folder", None),
    'build: "a\\nb"': ("is no path", None),
    "build: /srv/app": ("is an absolute path, outside the audited folder", None),
    "build: {dockerfile_inline: FROM x}": ("is a Dockerfile inside of the Compose file, which is not read", ""),
    "build: {context: a, dockerfile: $NOTHING}": ("depends on NOTHING, which nothing sets", "a"),
}


@pytest.mark.parametrize("body", BUILDS)
def test_builds_that_are_not_seen(tmp_path: Path, body: str) -> None:
    (found,) = read(tmp_path, {"compose.yaml": f"services:\n  a:\n    {body}\n"}).deployed
    reason, folder = BUILDS[body]
    assert [(s.what, s.reason, s.incomplete) for s in found.skipped] == [("build of a", reason, True)]
    assert (found.folder, found.recipe) == (folder, None)


def test_one_bad_part_costs_that_part(tmp_path: Path) -> None:
    text = (
        "services: {a: {image: x, ports: [80, {a: 1}, http], devices: 5, deploy: [1], cap_add: {a: 1}, sysctls: 1}}\n"
    )
    (found,) = read(tmp_path, {"compose.yaml": text}).deployed
    assert ([str(port) for port in found.ports], found.devices, found.kernel, found.memory) == (
        ["80/tcp"],
        (),
        (),
        None,
    )
    assert not any(skipped.incomplete for skipped in found.skipped)
    assert {skipped.what for skipped in found.skipped} >= {"port of a", "devices of a", "memory of a", "kernel of a"}


KEYS = ["services", "a", "build", "image", "ports", "extends", "service", "include", "deploy", "context", "args"]
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["a", "b", ".", "..", "compose.yaml", "80:80", "$A", "${A"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=15,
)


@given(VALUES)
@settings(max_examples=EXAMPLES, deadline=None)
def test_any_structure_is_read_or_told(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    import json

    root = tmp_path_factory.getbasetemp() / "any-compose"
    read(root, {"compose.yaml": json.dumps(value), ".env": "A=b\n"})
    read(root, {"compose.yaml": json.dumps({"services": {"a": value, "b": value}, "include": value}), ".env": "A=b\n"})


@given(st.text() | st.text("services: {}[]-\n abimge<*&!$", max_size=100))
@settings(max_examples=EXAMPLES, deadline=None)
def test_any_text_is_read_or_told(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    root = tmp_path_factory.getbasetemp() / "any-text"
    root.mkdir(exist_ok=True)
    (root / "compose.yaml").write_text(text, errors="replace")
    (root / ".env").write_text(text, errors="replace")
    read(root, {})
