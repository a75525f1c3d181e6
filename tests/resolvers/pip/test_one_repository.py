"""Every Python manifest names one git repository alike, however its URL is written."""

from __future__ import annotations

from itertools import pairwise, product
from pathlib import Path

import pytest

from analyzer.pep440 import exclude_each_other
from analyzer.requirement import Requirement, Source
from resolvers.git.repository_url import repository
from resolvers.pip.gather import PipGatherer
from resolvers.seam import Wish
from resolvers.tree import Tree

URLS = (
    "https://git.example/org/geo",
    "https://git.example/org/geo.git",
    "https://user:s3cret@GIT.example/org/geo.git",
    "https://git.example:443/org/geo/",
    "ssh://git@git.example/org/geo.git",
    "ssh://git@git.example:22/org/geo",
)
SCP = "git@git.example:org/geo.git"
PROJECT = '[project]\nname = "app"\nversion = "1"\n'
POETRY = '[tool.poetry]\nname = "app"\nversion = "1"\n[tool.poetry.dependencies]\n'
SETUP = "[metadata]\nname = app\n[options]\ninstall_requires =\n    "

MANIFESTS = {
    "requirements": ("requirements.txt", "geo @ git+{url}@{ref}\n"),
    "egg": ("requirements.txt", "git+{url}@{ref}#egg=geo\n"),
    "editable": ("requirements.txt", "-e git+{url}@{ref}#egg=geo\n"),
    "PEP 621": ("pyproject.toml", PROJECT + 'dependencies = ["geo @ git+{url}@{ref}"]\n'),
    "Poetry": ("pyproject.toml", POETRY + 'geo = {{git = "{url}", rev = "{ref}"}}\n'),
    "PDM": ("pyproject.toml", PROJECT + 'dependencies = ["geo @ git+{url}@{ref}"]\n[tool.pdm]\n'),
    "Pipfile": ("Pipfile", '[packages]\ngeo = {{git = "{url}", ref = "{ref}"}}\n'),
    "setup.cfg": ("setup.cfg", SETUP + "geo @ git+{url}@{ref}\n"),
    "uv": (
        "pyproject.toml",
        PROJECT + 'dependencies = ["geo"]\n[tool.uv.sources]\ngeo = {{git = "{url}", rev = "{ref}"}}\n',
    ),
}
TAKES_SCP = ("Poetry", "Pipfile", "uv")


def wanted(root: Path, kind: str, url: str, reference: str) -> Requirement:
    name, text = MANIFESTS[kind]
    root.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text.format(url=url, ref=reference))
    found = PipGatherer().gather(Tree(root), "", Wish())
    (requirement,) = [r for s in found.sets for r in s.requirements if r.package.name == "geo"]
    return requirement


@pytest.mark.parametrize(("kind", "url"), [*product(MANIFESTS, URLS), *((kind, SCP) for kind in TAKES_SCP)])
def test_one_source(tmp_path: Path, kind: str, url: str) -> None:
    found = wanted(tmp_path, kind, url, "v1")
    assert found.source == Source("git", "git.example/org/geo", "v1")
    assert "s3cret" not in repr(found)
    package = repository(url)
    assert f"{package.namespace}/{package.name}" == found.source.location


@pytest.mark.parametrize(("one", "other"), [*pairwise([*MANIFESTS, "requirements"])])
def test_two_references_clash_whatever_the_manifests(tmp_path: Path, one: str, other: str) -> None:
    first = wanted(tmp_path / "one", one, URLS[0], "v1")
    assert exclude_each_other(first, wanted(tmp_path / "other", other, URLS[4], "v2"))
    assert not exclude_each_other(first, wanted(tmp_path / "other", other, URLS[4], "v1"))
