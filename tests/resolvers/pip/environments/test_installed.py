"""Installed environments, with pip (through pip-api) as the second judge."""

from __future__ import annotations

import json
import os
import venv
from pathlib import Path

import pip_api
import pytest
from packaging.utils import canonicalize_name

from analyzer.errors import ManifestError
from analyzer.requirement import Source
from analyzer.service import Platform
from resolvers.pip.declared import Context, Declared
from resolvers.pip.environments.installed import read_installed
from resolvers.tree import Tree

SITE = "env/lib/python3.11/site-packages"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def metadata(name: str, version: str, *headers: str) -> str:
    return "\n".join(("Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *headers, "", "text"))


def place(root: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)


def read(root: Path, files: dict[str, str], config: str = "version = 3.11.7\n", path: str = "env") -> Declared:
    """Read an environment whose site directory holds the files."""
    place(root, {f"{SITE}/{name}": content for name, content in files.items()})
    (root / SITE).mkdir(parents=True, exist_ok=True)
    place(root, {"env/pyvenv.cfg": config})
    return read_installed(Context(Tree(root), Platform(), ("3.11", "3.12"), "3.12"), path)


def locked(declared: Declared) -> list[str]:
    return [str(each.candidate) for each in declared.locked or ()]


def skipped(declared: Declared) -> list[tuple[str, bool]]:
    return [(each.what, each.incomplete) for each in declared.skipped]


def test_what_is_installed_is_locked_where_its_metadata_says_so(tmp_path: Path) -> None:
    declared = read(
        tmp_path,
        {
            "Flask-3.0.dist-info/METADATA": metadata(
                "Flask", "3.0", "Requires-Dist: click>=8", "Requires-Python: >=3.8"
            ),
            "click-8.1.dist-info/METADATA": metadata("click", "8.1"),
            "flask/__init__.py": "",
        },
    )
    assert locked(declared) == ["click==8.1", "flask==3.0"]
    assert declared.locked is not None
    assert str(declared.locked[1].origin) == f"{SITE}/Flask-3.0.dist-info/METADATA:3"
    assert [(r.constraint, str(r.origin)) for r in declared.interpreter] == [
        ("==3.11.*", "env/pyvenv.cfg:1"),
        (">=3.8", f"{SITE}/Flask-3.0.dist-info/METADATA:5"),
    ]
    assert (declared.closed, declared.bundled, declared.requirements) == (True, True, ())
    assert not declared.skipped


CLOSURES = {
    "met": (["b>=1"], True),
    "missing": (["absent"], False),
    "another version": (["b>=2"], False),
    "of another platform": (["absent; sys_platform == 'win32'"], True),
    "of the environment's own Python, not of the one asked for": (["absent; python_version >= '3.12'"], True),
    "an extra nobody asks for": (["absent; extra == 'fast'"], True),
    "an extra that is asked for": (["b[fast]"], False),
    "an extra that is asked for in turn": (["b[all]"], False),
    "an extra that does not exist": (["b[none]"], True),
    "a URL": (["b @ https://index.example/b.whl"], True),
    "a prerelease": (["c>=2.0a1"], True),
    "a marker that cannot be evaluated": (["absent; python_version ~= 'x'"], False),
    "itself": (["a[self]", "b; extra == 'self'"], True),
}


@pytest.mark.parametrize(("requires", "closed"), CLOSURES.values(), ids=CLOSURES)
def test_closed_means_that_pip_check_is_content(requires: list[str], closed: bool, tmp_path: Path) -> None:
    extras = ("Requires-Dist: absent; extra == 'fast'", "Requires-Dist: b[fast]; extra == 'all'")
    files = {
        "a-1.dist-info/METADATA": metadata("a", "1", *(f"Requires-Dist: {text}" for text in requires)),
        "b-1.dist-info/METADATA": metadata("b", "1", *extras),
        "c-2.0b2.dist-info/METADATA": metadata("c", "2.0b2"),
    }
    assert read(tmp_path, files).closed is closed


def test_extras_that_ask_for_one_another_come_to_an_end(tmp_path: Path) -> None:
    rounds = [f"Requires-Dist: a[e{(i + 1) % 600}]; extra == 'e{i}'" for i in range(600)]
    files = {"a-1.dist-info/METADATA": metadata("a", "1", "Requires-Dist: a[e0]", *rounds)}
    assert read(tmp_path, files).closed is False


BROKEN = {
    "two versions": (
        {"b-1.dist-info/METADATA": metadata("b", "1"), "b-2.dist-info/METADATA": metadata("B", "2")},
        [("b", True)],
    ),
    "no metadata": ({"b-1.dist-info/RECORD": ""}, [("b-1.dist-info", True)]),
    "empty metadata": ({"b-1.dist-info/METADATA": ""}, [("b-1.dist-info", True)]),
    "a folder for metadata": ({"b-1.dist-info/METADATA/x": ""}, [("b-1.dist-info", True)]),
    "a leftover": ({"~lask-1.dist-info/METADATA": metadata("flask", "1")}, [("~lask-1.dist-info", False)]),
    "a bad requirement": (
        {"b-1.dist-info/METADATA": metadata("b", "1", "Requires-Dist: (")},
        [("b: Requires-Dist", True)],
    ),
    "a zipped egg": ({"b-1-py3.11.egg": "PK"}, [("b-1-py3.11.egg", True)]),
    "a link to nowhere": ({"b.egg-link": "/nowhere/at/all\n."}, [("b.egg-link", True)]),
    "an empty link": ({"b.egg-link": ""}, [("b.egg-link", True)]),
    "a direct URL of junk": (
        {"b-1.dist-info/METADATA": metadata("b", "1"), "b-1.dist-info/direct_url.json": "[" * 9999},
        [("b: direct_url.json", True)],
    ),
    "too large": ({"b-1.dist-info/METADATA": metadata("b", "1") + "x" * 2**22}, [("b-1.dist-info", True)] * 2),
}


@pytest.mark.parametrize(("files", "expected"), BROKEN.values(), ids=BROKEN)
def test_a_broken_record_costs_itself(files: dict[str, str], expected: list[tuple[str, bool]], tmp_path: Path) -> None:
    declared = read(tmp_path, {"a-1.dist-info/METADATA": metadata("a", "1"), **files})
    assert skipped(declared) == expected
    assert "a==1" in locked(declared)
    assert declared.closed is not any(incomplete for _, incomplete in expected)


SOURCES: dict[str, tuple[object, Source | None]] = {
    "editable": ({"url": "file:///srv/lib", "dir_info": {"editable": True}}, Source("path", "/srv/lib")),
    "folder": ({"url": "file:///srv/my%20lib", "dir_info": {}}, Source("path", "/srv/my lib")),
    "git": (
        {
            "url": "https://me:secret@git.example/org/b.git",
            "vcs_info": {"vcs": "git", "requested_revision": "main", "commit_id": COMMIT},
        },
        Source("git", "git.example/org/b", COMMIT),
    ),
    "git, in a folder": (
        {"url": "ssh://git@git.example/b", "subdirectory": "x", "vcs_info": {"vcs": "git", "commit_id": COMMIT}},
        Source("git", "git.example/b#subdirectory=x", COMMIT),
    ),
    "archive": (
        {
            "url": "https://me:secret@index.example/b-1.zip?token=secret",
            "archive_info": {"hash": f"sha256={'a' * 64}", "hashes": {"sha256": "a" * 64}},
        },
        Source("url", "https://index.example/b-1.zip", f"sha256:{'a' * 64}"),
    ),
    "unknown system": ({"url": "https://x.example/b", "vcs_info": {"vcs": "cvs", "commit_id": "1"}}, None),
    "no URL": ({"dir_info": {}}, None),
    "wrong types": ({"url": ["x"], "vcs_info": 3}, None),
    "a list": ([], None),
    "a malformed URL": ({"url": "https://[::1/b.zip", "archive_info": {}}, None),
    "another scheme": ({"url": "javascript:alert(1)", "archive_info": {}}, None),
}


@pytest.mark.parametrize(("record", "source"), SOURCES.values(), ids=SOURCES)
def test_where_a_distribution_came_from(record: object, source: Source | None, tmp_path: Path) -> None:
    info = {"b-1.dist-info/METADATA": metadata("b", "1"), "b-1.dist-info/direct_url.json": json.dumps(record)}
    declared = read(tmp_path, info)
    assert declared.locked is not None
    assert [each.source for each in declared.locked] == [source]
    assert bool(declared.skipped) is (source is None)
    assert "secret" not in str(declared)


def test_an_editable_project_of_the_tree_is_named_relative_to_it(tmp_path: Path) -> None:
    record = {"url": (tmp_path / "lib").as_uri(), "dir_info": {"editable": True}}
    declared = read(
        tmp_path,
        {"b-1.dist-info/METADATA": metadata("b", "1"), "b-1.dist-info/direct_url.json": json.dumps(record)},
    )
    assert declared.locked is not None
    assert declared.locked[0].source == Source("path", "lib")


def test_a_development_link_into_the_tree_is_followed(tmp_path: Path) -> None:
    place(tmp_path, {"lib/my_lib.egg-info/PKG-INFO": metadata("my-lib", "2.1"), "lib/other.egg-info/PKG-INFO": "junk"})
    declared = read(tmp_path, {"my-lib.egg-link": f"{tmp_path}/lib\n."})
    assert locked(declared) == ["my-lib==2.1"]
    assert declared.locked is not None
    assert declared.locked[0].source == Source("path", "lib")
    assert str(declared.locked[0].origin) == "lib/my_lib.egg-info/PKG-INFO:3"
    assert not declared.skipped


def test_what_setuptools_wrote_before_wheels(tmp_path: Path) -> None:
    requires = "b>=1\n\n[fast]\nabsent\n\n[:python_version < '3']\nabsent\n"
    declared = read(
        tmp_path,
        {
            "a-1-py3.11.egg-info/PKG-INFO": metadata("a", "1"),
            "a-1-py3.11.egg-info/requires.txt": requires,
            "b-1.egg-info": metadata("b", "1"),
            "c-1-py3.11.egg/EGG-INFO/PKG-INFO": metadata("c", "1"),
            "c-1-py3.11.egg/EGG-INFO/requires.txt": "a[slow]\n",
        },
    )
    assert locked(declared) == ["a==1", "b==1", "c==1"]
    assert declared.closed
    place(tmp_path, {f"{SITE}/c-1-py3.11.egg/EGG-INFO/requires.txt": "a[fast]\n"})
    assert not read(tmp_path, {}).closed


PYTHONS = {
    "venv": ("version = 3.10.2\n", ["==3.10.*"]),
    "virtualenv": ("version_info = 3.9.18.final.0\n", ["==3.9.*"]),
    "uv": ("uv = 0.13\nversion_info = 3.12\n", ["==3.12.*"]),
    "upper case": ("VERSION=3.10\n", ["==3.10.*"]),
    "unsaid": ("home = /usr/bin\n", ["==3.11.*"]),
    "junk": ("version = three\n\0\xff = =\n=\n", ["==3.11.*"]),
    "huge": (f"version = 3.{'1' * 5000}\n", ["==3.11.*"]),
}


@pytest.mark.parametrize(("config", "expected"), PYTHONS.values(), ids=PYTHONS)
def test_the_interpreter_of_an_environment(config: str, expected: list[str], tmp_path: Path) -> None:
    assert [r.constraint for r in read(tmp_path, {}, config).interpreter] == expected


def test_other_layouts(tmp_path: Path) -> None:
    place(
        tmp_path,
        {
            "win/pyvenv.cfg": "version = 3.12.1",
            "win/Lib/site-packages/a-1.dist-info/METADATA": metadata("a", "1"),
            "target/a-1.dist-info/METADATA": metadata("a", "1"),
            "empty/x": "",
            "bare/pyvenv.cfg": "version = 3.12.1",
            "two/pyvenv.cfg": "version = 3.12.1",
            "two/lib/python3.12/site-packages/a-2.dist-info/METADATA": metadata("a", "2"),
            "two/lib/python3.8/site-packages/a-1.dist-info/METADATA": metadata("a", "1"),
        },
    )
    context = Context(Tree(tmp_path), Platform(), ("3.12",), "3.12")
    assert locked(read_installed(context, "win")) == ["a==1"]
    assert locked(read_installed(context, "target")) == ["a==1"]
    assert locked(read_installed(context, "two")) == ["a==2"]
    assert skipped(read_installed(context, "two")) == [("two/lib/python3.8/site-packages", False)]
    for path in ("empty", "bare", "absent", "../target"):
        with pytest.raises(ManifestError):
            read_installed(context, path)


def test_lib64_is_lib_and_links_do_not_lead_out(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    place(outside, {"evil-1.dist-info/METADATA": metadata("evil", "1")})
    tree = tmp_path / "tree"
    place(tree, {f"{SITE}/a-1.dist-info/METADATA": metadata("a", "1")})
    (tree / "env/lib64").symlink_to("lib")
    (tree / SITE / "evil-1.dist-info").symlink_to(outside / "evil-1.dist-info")
    os.mkfifo(tree / SITE / "pipe-1.egg-info")
    declared = read(tree, {})
    assert locked(declared) == ["a==1"]
    assert skipped(declared) == [("pipe-1.egg-info", True), ("evil-1.dist-info", True), ("pipe-1.egg-info", True)]


def test_the_system_s_packages_are_unknown(tmp_path: Path) -> None:
    declared = read(tmp_path, {}, "include-system-site-packages = TRUE\nversion = 3.11\n")
    assert [reason.startswith("env/pyvenv.cfg lets it see") for reason in declared.unknown] == [True]
    assert not declared.closed


def test_installers_that_came_with_the_environment_are_no_dependencies(tmp_path: Path) -> None:
    seeds = {f"{name}-1.dist-info/METADATA": metadata(name, "1") for name in ("pip", "setuptools", "wheel")}
    declared = read(tmp_path, {**seeds, "a-1.dist-info/METADATA": metadata("a", "1", "Requires-Dist: setuptools")})
    assert locked(declared) == ["a==1", "setuptools==1"]
    assert skipped(declared) == [("pip", False), ("wheel", False)]
    assert declared.closed
    assert locked(read(tmp_path, {}, "version = 3.12.0")) == []


def test_pip_sees_the_same_distributions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    venv.create(tmp_path / "env", symlinks=True)
    [site] = (tmp_path / "env" / "lib").glob("python3.*/site-packages")
    place(
        site,
        {
            "Zope.Interface-6.0.dist-info/METADATA": metadata("Zope.Interface", "6.0"),
            "b-1.dist-info/METADATA": metadata("b", "1", "Requires-Dist: zope-interface"),
            "c-1.egg-info/PKG-INFO": metadata("c", "1"),
            "d-1-py3.egg-info": metadata("d", "1"),
            "pip-99.dist-info/METADATA": metadata("pip", "99"),
            "~eft-1.dist-info/METADATA": metadata("left", "1"),
        },
    )
    declared = read_installed(Context(Tree(tmp_path), Platform(), ("3.12",), "3.12"), "env")
    ours = {(each.candidate.package.name, each.candidate.version) for each in declared.locked or ()}
    monkeypatch.chdir("/")
    theirs = {
        (canonicalize_name(each.name), str(each.version))
        for each in pip_api.installed_distributions(paths=[site]).values()
    }
    assert skipped(declared) == [("~eft-1.dist-info", False), ("pip", False)]
    assert theirs == ours | {("pip", "99")}
