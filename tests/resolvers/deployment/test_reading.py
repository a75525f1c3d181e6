"""Deployment files of a tree read together: one service for what several of them tell of."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from resolvers.deployment.apart import read_apart
from resolvers.deployment.deployed import Deployed, Deployment, Kind
from resolvers.deployment.image_source import repository
from resolvers.deployment.reading import Walked, read_deployment
from resolvers.workers import Limits
from tests.resolvers.deployment.tree_of import tree_of


def folders_of(root: Path) -> tuple[str, ...]:
    return ("", *sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_dir()))


def read(root: Path, files: dict[str, str], services: tuple[str, ...] = ()) -> Deployment:
    tree = tree_of(root, files)
    return read_deployment(tree, Walked(folders_of(root), services))


def workload(name: str, image: str, more: str = "") -> str:
    return (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\n"
        f"spec: {{template: {{spec: {{containers: [{{name: server, image: '{image}'{more}}}]}}}}}}\n---\n"
    )


def places(found: Deployment) -> dict[str, str | None]:
    return {service.name: service.folder for service in found.deployed}


SKAFFOLD = """
apiVersion: skaffold/v2beta18
kind: Config
build:
  artifacts:
  - image: emailservice
    context: src/emailservice
    docker: {buildArgs: {A: '1', B: '{{.B}}'}}
  - image: cartservice
    context: src/cartservice/src
    docker: {dockerfile: Dockerfile.x}
---
apiVersion: skaffold/v2beta18
kind: Config
build:
  artifacts:
  - {image: loadgenerator, context: src/loadgenerator}
"""


def test_kubernetes_with_skaffold(tmp_path: Path) -> None:
    files = {
        "skaffold.yaml": SKAFFOLD,
        "manifests/all.yaml": workload("email", "index.example/demo/emailservice:v1")
        + workload("cart", "cartservice")
        + workload("loadgenerator", "loadgenerator@sha256:" + "a" * 64)
        + workload("redis", "redis:alpine")
        + workload("currencyservice", "index.example/x:1"),
        "src/currencyservice/Dockerfile": "FROM scratch\n",
    }
    found = read(tmp_path, files)
    assert places(found) == {
        "email": "src/emailservice", "cart": "src/cartservice/src", "loadgenerator": "src/loadgenerator",
        "redis": None, "currencyservice": "src/currencyservice",
    }  # fmt: skip
    recipes = {service.name: service.recipe for service in found.deployed if service.recipe}
    assert recipes["email"].arguments == (("A", "1"),)
    assert recipes["cart"].path == "src/cartservice/src/Dockerfile.x"
    assert recipes["currencyservice"].path == "src/currencyservice/Dockerfile"
    assert found.skipped == ()


def test_an_image_that_several_folders_may_be(tmp_path: Path) -> None:
    files = {"k.yaml": workload("api", "api"), "a/api/Dockerfile": "FROM x\n", "b/api/Dockerfile": "FROM x\n"}
    (found,) = read(tmp_path, files).deployed
    assert found.folder is None
    assert [(s.reason, s.incomplete) for s in found.skipped] == [
        ("may be built in a/api, b/api; name it in cohabit.toml", True)
    ]


COMPOSE = """
services:
  cart: {build: cart, image: 'index.example/shop-cart:1', ports: ["80"], mem_limit: 1g}
  web: {build: web, image: 'index.example/demo:1-web'}
  ad: {build: ad, image: 'index.example/demo:1-ad'}
  redis: {image: redis}
"""


def test_compose_and_kubernetes_tell_of_the_same_services(tmp_path: Path) -> None:
    kubernetes = (
        workload(
            "shop-cart",
            "index.example/shop-cart:2",
            ", resources: {requests: {memory: 64Mi}}, ports: [{containerPort: 81}]",
        )
        + workload("ads", "index.example/demo:1-ad")
        + workload("web", "index.example/demo:7-web")
        + workload("redis", "redis:7")
        + workload("new", "new")
    )
    found = read(tmp_path, {"compose.yaml": COMPOSE, "deploy/k.yaml": kubernetes})
    assert places(found) == {"cart": "cart", "web": "web", "ad": "ad", "redis": None, "new": None}
    cart = found.deployed[0]
    assert ([port.number for port in cart.ports], cart.memory, cart.machine) == ([80, 81], 64 * 2**20, "")
    assert cart.notes == ("Deployment shop-cart in deploy/k.yaml:4",)


def test_containers_that_run_the_image_of_one_service(tmp_path: Path) -> None:
    kubernetes = workload("admin", "index.example/shop-cart:2") + workload("cart", "index.example/shop-cart:2")
    found = read(tmp_path, {"compose.yaml": COMPOSE, "k.yaml": kubernetes})
    assert places(found) == {"cart": "cart", "web": "web", "ad": "ad", "redis": None, "admin": "cart"}
    assert found.deployed[0].notes == ("Deployment cart in k.yaml:9",)


def test_manifests_that_repeat_others(tmp_path: Path) -> None:
    files = {"k8s/a.yaml": workload("a", "one"), "release/all/x.yaml": workload("a", "two") + workload("b", "b")}
    found = read(tmp_path, files)
    assert [(s.name, s.image) for s in found.deployed] == [("a", "one"), ("b", "b")]
    assert [(s.what, s.reason, s.incomplete) for s in found.skipped] == [
        ("release/all/x.yaml", "describes services that k8s/a.yaml describes too, which counts", False)
    ]


def test_projects_with_services_of_one_name(tmp_path: Path) -> None:
    project = "services: {db: {image: postgres}, web: {build: .}}\n"
    found = read(tmp_path, {"one/compose.yaml": project, "two/compose.yaml": project})
    assert places(found) == {"one/db": None, "one/web": "one", "two/db": None, "two/web": "two"}
    assert len({service.machine for service in found.deployed}) == 2


def test_what_goes_before_what(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services: {api: {build: api}}\n",
        "api/Procfile": "web: x\nworker: y\n",
        "jobs/Procfile": "web: x\n",
        "jobs/jobs.service": "[Service]\nExecStart=/usr/bin/jobs\n",
        "mail/Procfile": "web: x\nworker: y\n",
    }
    found = read(tmp_path, files, ("api", "jobs", "mail"))
    assert [(s.name, s.kind) for s in found.deployed] == [
        ("api", Kind.COMPOSE), ("jobs", Kind.SYSTEMD), ("mail/web", Kind.PROCFILE), ("mail/worker", Kind.PROCFILE),
    ]  # fmt: skip
    assert {s.what for s in found.skipped} == {"api/Procfile", "jobs/Procfile"}


@pytest.mark.parametrize("folder", ["tests/e2e", "examples/shop", "docs"])
def test_what_is_for_development_is_passed_over(tmp_path: Path, folder: str) -> None:
    files = {
        f"{folder}/compose.yaml": COMPOSE,
        f"{folder}/k.yaml": workload("a", "b"),
        f"{folder}/Procfile": "web: x\n",
    }
    assert read(tmp_path, files) == Deployment()


IMAGES = {
    "redis": "redis",
    "redis:7": "redis",
    "index.example:5000/a/b": "index.example:5000/a/b",
    "index.example:5000/a/b:1": "index.example:5000/a/b",
    "a:1@sha256:" + "0" * 64: "a",
}


@pytest.mark.parametrize("image", IMAGES)
def test_repositories(image: str) -> None:
    assert repository(image) == IMAGES[image]


def test_reading_apart_gives_the_same(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, {"compose.yaml": COMPOSE, "k.yaml": workload("redis", "redis")})
    walked = Walked(("",), ())
    apart = read_apart(tmp_path, walked)
    assert apart == read_deployment(tree, walked)
    assert all(isinstance(service, Deployed) for service in apart.deployed)
    assert read_apart(tmp_path / "nothing", walked) == Deployment()


def test_what_takes_too_long_is_told(tmp_path: Path) -> None:
    tree_of(tmp_path, {"k.yaml": "apiVersion: v1\nkind: Pod\na: [" + "1," * 250_000 + "]\n"})
    begun = time.monotonic()
    found = read_apart(tmp_path, Walked(("",), ()), Limits(seconds=2.0))
    assert time.monotonic() - begun < 20
    assert [(s.what, s.reason, s.incomplete) for s in found.skipped] == [
        ("deployment files", "reading them took more than 2 seconds", True)
    ]
