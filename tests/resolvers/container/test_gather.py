"""What a service's image begins with: the base, and notes where it moves or is not known."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from pathlib import Path

import pytest

from analyzer.demands import ARCHITECTURE, OPERATING_SYSTEM
from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.package import PYTHON
from analyzer.requirement import Requirement
from analyzer.service import Platform, Skipped
from resolvers.container.build import Base, Build
from resolvers.container.gather import DEVELOPMENT, DOCKERFILE, ROOT_FILESYSTEM, ImageGatherer
from resolvers.container.image_table import table
from resolvers.discovery import discover
from resolvers.seam import Gathered, Manifest, Recipe, Wish
from resolvers.shell.command import Word
from resolvers.tree import Tree

REMEDY = "set `platform.os` in cohabit.toml"
LINE = Origin("shop/Dockerfile", 3, "FROM …")


@dataclass(frozen=True)
class Told:
    """A reader of Dockerfiles that says what it is told to."""

    build: Build

    def __call__(self, tree: Tree, recipe: Recipe) -> Build:
        if not tree.read_text(recipe.path):
            raise ManifestError(Origin(recipe.path, 1), "is empty")
        return self.build


def tree_of(root: Path, files: dict[str, str]) -> Tree:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return Tree(root)


def gathered(root: Path, image: Word, platform: str = "", wish: Wish | None = None) -> Gathered:
    tree = tree_of(root, {"shop/Dockerfile": "FROM …"})
    return ImageGatherer(Told(Build(Base(image, LINE, platform)))).gather(tree, "shop", wish or Wish())


def system(release: str) -> Requirement:
    return Requirement(OPERATING_SYSTEM, release, LINE)


def machine(architecture: str) -> Requirement:
    return Requirement(ARCHITECTURE, architecture, LINE)


BASES = [
    ("debian:12", "", [system("debian:12")]),
    ("debian:12", "linux/arm64", [machine("aarch64"), system("debian:12")]),
    ("debian:12", "linux/arm64/v8", [machine("aarch64"), system("debian:12")]),
    ("debian:12", "linux/386", [machine("i686"), system("debian:12")]),
    ("debian:12", "$BUILDPLATFORM", [system("debian:12")]),
    ("debian:12", "linux", [system("debian:12")]),
    ("arm64v8/debian:12", "", [machine("aarch64"), system("debian:12")]),
    ("arm64v8/debian:12", "linux/amd64", [machine("x86_64"), system("debian:12")]),
    ("busybox:musl", "", []),
]


@pytest.mark.parametrize(("image", "platform", "base"), BASES)
def test_bases(tmp_path: Path, image: str, platform: str, base: list[Requirement]) -> None:
    assert gathered(tmp_path, Word(image), platform) == Gathered(base=tuple(base))


LINES = [
    ("debian:12", "", "FROM debian:12"),
    ("debian:12", "linux/arm64", "FROM --platform=linux/arm64 debian:12"),
    ("arm64v8/debian:12", "", "FROM arm64v8/debian:12"),
]


@pytest.mark.parametrize(("image", "platform", "text"), LINES)
def test_the_line_is_shown(tmp_path: Path, image: str, platform: str, text: str) -> None:
    tree = tree_of(tmp_path, {"Dockerfile": f"# base\n{text}\n"})
    found = ImageGatherer().gather(tree, "", Wish())
    assert {r.origin for r in found.base} == {Origin("Dockerfile", 2, text)}
    assert found.base[-1].constraint == "debian:12" and image in text and platform in text


def test_a_moving_tag_says_what_it_stood_for(tmp_path: Path) -> None:
    reason = f"python:3.12-slim moves; it stood for debian:13 on {table().date}"
    note = Skipped("base image python:3.12-slim", reason, LINE, incomplete=False)
    assert gathered(tmp_path, Word("buildpack-deps:curl")).base == (system("debian:13"),)
    base = (system("debian:13"), Requirement(PYTHON, "==3.12.*", LINE))
    assert gathered(tmp_path, Word("python:3.12-slim")) == Gathered(base=base, skipped=(note,))


UNKNOWN = [
    (Word("acme/app:1"), "acme/app:1", "is no image whose distribution cohabit knows"),
    (Word("debian:${RELEASE}", known=False), "debian:${RELEASE}", "depends on what only a build tells"),
    (Word("debian:12", known=False), "debian:12", "depends on what only a build tells"),
    (Word("https://u:secret@x.example/a\n\x1b[31m"), "https://x.example/a??[31m", "is no image whose distribution"),
]


@pytest.mark.parametrize(("image", "shown", "reason"), UNKNOWN)
def test_an_unknown_image_is_no_assumption(tmp_path: Path, image: Word, shown: str, reason: str) -> None:
    found = gathered(tmp_path, image)
    assert not found.base
    (note,) = found.skipped
    assert note.what == f"base image {shown}" and note.incomplete and note.origin == LINE
    assert note.reason.startswith(reason) and note.reason.endswith(REMEDY)


CONFIGURED = Platform(os="ubuntu:24.04", arch="aarch64")


@pytest.mark.parametrize("image", [Word("debian:12"), Word("python:3"), Word("acme/app:1"), Word("$X", known=False)])
def test_configuration_goes_before_images(tmp_path: Path, image: Word) -> None:
    assert gathered(tmp_path, image, "linux/386", Wish(CONFIGURED)) == Gathered()


def test_configuration_of_the_system_leaves_the_architecture(tmp_path: Path) -> None:
    wish = Wish(Platform(os="ubuntu:24.04"))
    assert gathered(tmp_path, Word("acme/app:1"), "linux/arm64", wish) == Gathered(base=(machine("aarch64"),))


def test_from_scratch_shares_nothing_and_what_the_build_skips_is_kept(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, {"Dockerfile": "FROM scratch"})
    note = Skipped("x", "y", LINE)
    assert ImageGatherer(Told(Build(None, skipped=(note,)))).gather(tree, "", Wish()) == Gathered(skipped=(note,))


def test_a_dockerfile_that_cannot_be_read_is_noted(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, {"shop/Dockerfile": ""})
    found = ImageGatherer(Told(Build())).gather(tree, "shop", Wish())
    assert found == Gathered(skipped=(Skipped("shop/Dockerfile", "is empty", Origin("shop/Dockerfile", 1)),))


def test_of_several_dockerfiles_the_plain_one_is_meant(tmp_path: Path) -> None:
    files = dict.fromkeys(["shop/Dockerfile", "shop/Dockerfile.api", "shop/Dockerfile.dev"], "FROM debian:12\n")
    tree = tree_of(tmp_path, files)
    found = ImageGatherer().gather(tree, "shop", Wish())
    assert [r.constraint for r in found.base] == ["debian:12"]
    assert [(s.what, s.incomplete) for s in found.skipped] == [
        ("shop/Dockerfile.dev", False),
        ("shop/Dockerfile.api", False),
    ]


def test_of_several_equal_dockerfiles_none_is_guessed(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, dict.fromkeys(["shop/Dockerfile.api", "shop/Dockerfile.web"], "FROM debian:12\n"))
    (note,) = ImageGatherer().gather(tree, "shop", Wish()).skipped
    assert note.incomplete and "shop/Dockerfile.api, shop/Dockerfile.web" in note.reason


OS_RELEASE = 'ID=debian\nVERSION_ID="12"\n'


def test_a_root_filesystem_is_its_own_base(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, {"image/usr/lib/os-release": OS_RELEASE})
    origin = Origin("image/usr/lib/os-release", 2, "VERSION_ID=12")
    assert ImageGatherer().gather(tree, "image", Wish()).base == (Requirement(OPERATING_SYSTEM, "debian:12", origin),)
    assert ImageGatherer().gather(tree, "image", Wish(CONFIGURED)) == Gathered()


def test_a_root_filesystem_that_names_nothing_is_noted(tmp_path: Path) -> None:
    (note,) = ImageGatherer().gather(tree_of(tmp_path, {"etc/os-release": "NAME=x\n"}), "", Wish()).skipped
    assert note == Skipped("etc/os-release", f"names no distribution (ID); {REMEDY}", Origin("etc/os-release"))


def test_manifests(tmp_path: Path) -> None:
    names = ["Dockerfile", "Dockerfile.api", "Dockerfile.dev", "etc/os-release"]
    tree = tree_of(tmp_path, dict.fromkeys(names, "x"))
    assert ImageGatherer().manifests(tree, "") == (
        Manifest("Dockerfile", DOCKERFILE),
        Manifest("Dockerfile.api", DOCKERFILE),
        Manifest("Dockerfile.dev", DEVELOPMENT),
        Manifest("etc/os-release", ROOT_FILESYSTEM),
    )


def test_a_folder_with_nothing_but_a_dockerfile_is_a_service(tmp_path: Path) -> None:
    names = [
        "api/Dockerfile",
        "web/docker/Dockerfile",
        "tools/Dockerfile.dev",
        "image/etc/os-release",
        "tests/Dockerfile",
    ]
    found = discover(tree_of(tmp_path, dict.fromkeys(names, "x")), (ImageGatherer(),))
    assert [(f.directory, f.evidence) for f in found.found] == [
        ("api", ("Dockerfile (Dockerfile)",)),
        ("image", ("etc/os-release (root filesystem)",)),
        ("web", ("docker/Dockerfile (Dockerfile)",)),
    ]


def test_it_crosses_processes() -> None:
    assert pickle.loads(pickle.dumps(ImageGatherer())) == ImageGatherer()
