"""Which Dockerfile builds a service, by the names of what lies in its folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolvers.container.places import Recipes, containerfiles, recipes, root_filesystem
from resolvers.tree import Tree

CASES = [
    # what lies in the folder, what is meant, others, those for development
    ([], "", [], []),
    (["Dockerfile"], "Dockerfile", [], []),
    (["dockerfile"], "dockerfile", [], []),
    (["Containerfile"], "Containerfile", [], []),
    (["Dockerfile", "Containerfile"], "Dockerfile", ["Containerfile"], []),
    (["Dockerfile.api"], "Dockerfile.api", [], []),
    (["Dockerfile-api"], "Dockerfile-api", [], []),
    (["api.dockerfile"], "api.dockerfile", [], []),
    (["api.Dockerfile"], "api.Dockerfile", [], []),
    (["web.Containerfile"], "web.Containerfile", [], []),
    (["Dockerfile.api", "Dockerfile.worker"], "", ["Dockerfile.api", "Dockerfile.worker"], []),
    (["Dockerfile.api", "Dockerfile"], "Dockerfile", ["Dockerfile.api"], []),
    (["Dockerfile.api", "Dockerfile.prod"], "Dockerfile.prod", ["Dockerfile.api"], []),
    (["Dockerfile.prod", "Dockerfile"], "Dockerfile", ["Dockerfile.prod"], []),
    (["Dockerfile", "Dockerfile.dev", "test.dockerfile"], "Dockerfile", [], ["Dockerfile.dev", "test.dockerfile"]),
    (["Dockerfile.dev"], "", [], ["Dockerfile.dev"]),
    (["Dockerfile.api-dev", "Dockerfile.devices"], "Dockerfile.devices", [], ["Dockerfile.api-dev"]),
    (["docker/Dockerfile"], "docker/Dockerfile", [], []),
    (["docker/Dockerfile.api"], "docker/Dockerfile.api", [], []),
    (["Dockerfile", "docker/Dockerfile"], "Dockerfile", ["docker/Dockerfile"], []),
    (["Dockerfile.api", "docker/Dockerfile"], "docker/Dockerfile", ["Dockerfile.api"], []),
    (["docker/Dockerfile", "docker/requirements.txt"], "", [], []),
    (["docker/Dockerfile", "docker/entrypoint.sh"], "docker/Dockerfile", [], []),
    (["build/Dockerfile"], "", [], []),
    (["Dockerfile.dockerignore", "Dockerfile.md", "Dockerfile.j2", "Dockerfile.bak"], "", [], []),
    ([".dockerignore", "docker-compose.yml", "dockerfiles.txt", "Dockerfiles"], "", [], []),
    (["Dockerfile/keep"], "", [], []),
]


def folder(root: Path, names: list[str]) -> Tree:
    for name in names:
        (root / "shop" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "shop" / name).write_text("FROM debian:12\n")
    return Tree(root)


@pytest.mark.parametrize(("names", "meant", "others", "development"), CASES)
def test_names(tmp_path: Path, names: list[str], meant: str, others: list[str], development: list[str]) -> None:
    tree = folder(tmp_path, names)
    path = [f"shop/{name}" for name in (meant,) if name]
    expected = Recipes(
        "".join(path), tuple(f"shop/{name}" for name in others), tuple(f"shop/{name}" for name in development)
    )
    assert recipes(tree, "shop") == expected
    assert containerfiles(tree, "shop") == tuple(path)


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("shop/Dockerfile.dev", "shop/Dockerfile.dev"),
        ("shop/Dockerfile.worker", "shop/Dockerfile.worker"),
        ("shop/requirements.txt", ""),
        ("shop/Dockerfile.nothing", ""),
        ("nothing", ""),
    ],
)
def test_a_listed_file_is_itself_or_nothing(tmp_path: Path, path: str, meant: str) -> None:
    tree = folder(tmp_path, ["Dockerfile.dev", "Dockerfile.worker", "Dockerfile", "requirements.txt"])
    assert recipes(tree, path) == Recipes(meant)


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["etc/os-release", "usr/lib/os-release"], "shop/etc/os-release"),
        (["usr/lib/os-release"], "shop/usr/lib/os-release"),
        (["etc/passwd"], ""),
    ],
)
def test_root_filesystems(tmp_path: Path, names: list[str], found: str) -> None:
    assert root_filesystem(folder(tmp_path, names), "shop") == found


def test_a_link_out_of_the_folder_is_no_root_filesystem(tmp_path: Path) -> None:
    tree = folder(tmp_path, ["usr/lib/os-release"])
    (tmp_path / "shop" / "etc").mkdir()
    (tmp_path / "shop" / "etc" / "os-release").symlink_to("/etc/os-release")
    assert root_filesystem(tree, "shop") == "shop/usr/lib/os-release"


WORDS = st.sampled_from(
    ["Dockerfile", "dockerfile", "Containerfile", ".", "-", "_", "dev", "api", "prod", "é", " ", "md"]
)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=4).map("".join), max_size=5, unique=True))
def test_each_dockerfile_has_one_place(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    tree = folder(tmp_path_factory.mktemp("t"), [name for name in names if name.strip(".")])
    found = recipes(tree, "shop")
    listed = [path for path in (found.meant, *found.others, *found.development) if path]
    assert len(set(listed)) == len(listed)
    assert found.meant or len(found.others) != 1
