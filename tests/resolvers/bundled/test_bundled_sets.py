from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.service import DependencySet
from resolvers.bundled.cargo_gather import CargoGatherer
from resolvers.bundled.go_gather import GoGatherer
from resolvers.bundled.npm_gather import NpmGatherer
from resolvers.discovery import discover
from resolvers.registry import gatherers
from resolvers.seam import Gathered, Gatherer, Wish
from resolvers.tree import Tree
from tests.hostile import EXAMPLES

GO, NPM, CARGO = GoGatherer(), NpmGatherer(), CargoGatherer()

GO_MOD = """module example.com/app
go {go}
require (
\tgithub.com/Gorilla/mux v1.8.1
\tgolang.org/x/net v0.20.0 // indirect
)
require example.com/lib v0.0.0
replace example.com/lib => ../lib
"""
GO_SUM = """github.com/Gorilla/mux v1.8.1 h1:a=
example.com/old v1.9.0 h1:a=
example.com/old v1.10.0-rc.1 h1:a=
example.com/old v1.11.0/go.mod h1:a=
"""
LOCK_3 = {
    "lockfileVersion": 3,
    "packages": {
        "": {"workspaces": ["packages/*"], "dependencies": {"express": "^4", "@s/x": "1"}},
        "node_modules/express": {"version": "4.18.2", "dependencies": {"debug": "2.6.9"}},
        "node_modules/express/node_modules/debug": {"version": "2.6.9"},
        "node_modules/debug": {"version": "4.0.0", "dev": True},
        "node_modules/@s/x": {"version": "1.0.0", "resolved": "git+ssh://git@git.example/x.git#abcd"},
        "node_modules/b": {"resolved": "packages/b", "link": True},
        "node_modules/lodash": {"version": "4.17.21"},
        "packages/a": {"dependencies": {"b": "*"}},
        "packages/b": {"dependencies": {"lodash": "^4"}},
    },
}
LOCK_1 = {
    "lockfileVersion": 1,
    "dependencies": {
        "express": {"version": "4.1.0", "dependencies": {"debug": {"version": "2.0.0"}}},
        "jest": {"version": "1.0.0", "dev": True},
        "fork": {"version": "git+https://user:secret@git.example/fork.git#abcd"},
    },
}
YARN_1 = """# yarn lockfile v1

left-pad@^1.0.0, left-pad@^1.3.0:
  version "1.3.0"
  resolved "https://index.example/left-pad.tgz#abc"
  dependencies:
    "@s/deep" ">= 1 < 2"

"@s/deep@>= 1 < 2":
  version "1.5.0"

"al@npm:real@^2.0.0":
  version "2.1.0"

jest@1:
  version "1.0.0"
"""
YARN_BERRY = """__metadata:
  version: 6

"app@workspace:.":
  version: 0.0.0-use.local
  resolution: "app@workspace:."
  dependencies:
    left-pad: ^1.3.0

"left-pad@npm:^1.3.0":
  version: 1.3.0
  resolution: "left-pad@npm:1.3.0"
  dependencies:
    "@s/deep": "npm:>= 1"

"@s/deep@npm:>= 1":
  version: 1.5.0
  resolution: "@s/deep@npm:1.5.0"

"al@npm:real@^2.0.0":
  version: 2.1.0
  resolution: "real@npm:2.1.0"
"""
YARN_PROJECT = '{"dependencies": {"left-pad": "^1.3.0", "al": "npm:real@^2.0.0"}, "devDependencies": {"jest": "1"}}'
CARGO_TOML = """[package]
name = "app"
[dependencies]
serde = { workspace = true }
tokio = "1.35"
near = { path = "../near" }
[target.'cfg(unix)'.dependencies]
nix = { git = "https://user:secret@git.example/nix", rev = "abcd" }
[dev-dependencies]
tempfile = "3"
[build-dependencies]
cc = "1"
"""
CARGO_LOCK = """[[package]]
name = "app"
version = "0.1.0"
dependencies = ["cc", "nix", "serde", "tempfile", "tokio"]
[[package]]
name = "cc"
version = "1.0.0"
source = "registry+https://index.example/crates"
[[package]]
name = "nix"
version = "0.1.0"
source = "git+https://git.example/nix?rev=abcd#abcdef"
[[package]]
name = "serde"
version = "1.0.200"
source = "registry+https://index.example/crates"
[[package]]
name = "serde"
version = "0.9.0"
source = "registry+https://index.example/crates"
[[package]]
name = "tokio"
version = "1.35.1"
source = "registry+https://index.example/crates"
dependencies = ["serde 1.0.200"]
[[package]]
name = "tempfile"
version = "3.0.0"
source = "registry+https://index.example/crates"
"""
WORKSPACE = '[workspace]\nmembers = ["app"]\n[workspace.dependencies]\nserde = "1"\n'

PNPM_9 = """lockfileVersion: '9.0'
importers:
  .:
    devDependencies:
      jest: {specifier: '1', version: 1.0.0}
  apps/a:
    dependencies:
      '@s/x':
        specifier: ^1
        version: 1.0.0(react@18.0.0)
      al:
        specifier: npm:real@2
        version: real@2.0.0
      b:
        specifier: workspace:*
        version: link:../b
  apps/b:
    optionalDependencies:
      lodash_es: {specifier: '4', version: 4.17.21}
packages:
  '@s/x@1.0.0':
    resolution: {integrity: sha512-x}
  real@2.0.0: {}
  react@18.0.0: {}
  lodash_es@4.17.21: {}
  jest@1.0.0: {}
  fork@https://codeload.git.example/fork/tar.gz/abc: {version: 3.0.0}
snapshots:
  '@s/x@1.0.0(react@18.0.0)':
    dependencies:
      react: 18.0.0
      fork: https://codeload.git.example/fork/tar.gz/abc
  real@2.0.0: {}
  react@18.0.0: {}
  lodash_es@4.17.21: {}
  fork@https://codeload.git.example/fork/tar.gz/abc: {}
"""
PNPM_6 = """lockfileVersion: '6.0'
dependencies:
  a:
    specifier: ^1
    version: 1.0.0(b@2.0.0)
packages:
  /a@1.0.0(b@2.0.0):
    dependencies: {'@s/c': 3.0.0}
  /@s/c@3.0.0: {dev: false}
"""
PNPM_5 = """lockfileVersion: 5.4
specifiers: {a_b: ^1}
dependencies:
  a_b: 1.0.0_react@17.0.0
packages:
  /a_b/1.0.0_react@17.0.0:
    dependencies: {'@s/c': 3.0.0_@babel+core@7.0.0}
  /@s/c/3.0.0_@babel+core@7.0.0: {dev: false}
  /other/1.0.0: {dev: true}
"""
BUN = """{ // Bun writes commas that JSON does not know
  "lockfileVersion": 1,
  "workspaces": {
    "": {"name": "root", "devDependencies": {"jest": "1"},},
    "apps/a": {"name": "a", "dependencies": {"b": "workspace:*", "x": "^1"}},
    "apps/b": {"name": "b", "dependencies": {"@s/y": "2"},},
  },
  "packages": {
    "a": ["a@workspace:apps/a"],
    "b": ["b@workspace:apps/b"],
    "x": ["x@1.0.0", "", {"dependencies": {"@s/y": "^1"}}, "sha512-//,}"],
    "x/@s/y": ["@s/y@1.5.0", "", {"peerDependencies": {"z": "1"}}, ""],
    "@s/y": ["@s/y@2.0.0", "", {}, ""],
    "z": ["z@github:org/z#abc", {}, "tag"],
    "jest": ["jest@1.0.0", "", {}, ""], /* the
    end */
  },
}
"""

Files = dict[str, str]


def laid_out(root: Path, files: Files) -> Tree:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return Tree(root)


def only_set(found: Gathered) -> DependencySet:
    (group,) = found.sets
    assert group.bundled
    return group


def required(group: DependencySet) -> list[str]:
    return [f"{r.package.name} {r.constraint} {r.origin.line}".replace("  ", " ") for r in group.requirements]


def locked(group: DependencySet) -> list[str] | None:
    return None if group.locked is None else [f"{pin.candidate} {pin.origin}" for pin in group.locked]


CASES: list[tuple[str, Gatherer, Files, str, list[str], list[str] | None]] = [
    (
        "go names all modules",
        GO,
        {"go.mod": GO_MOD.format(go="1.22"), "go.sum": GO_SUM},
        "",
        ["mux v1.8.1 4"],
        ["mux==v1.8.1 go.mod:4", "net==v0.20.0 go.mod:5"],
    ),
    (
        "before Go 1.17 the sums know more",
        GO,
        {"go.mod": GO_MOD.format(go="1.16"), "go.sum": GO_SUM},
        "",
        ["mux v1.8.1 4"],
        ["mux==v1.8.1 go.mod:4", "net==v0.20.0 go.mod:5", "old==v1.10.0-rc.1 go.sum:3"],
    ),
    (
        "a module of a workspace",
        GO,
        {
            "go.work": "go 1.22\nuse (\n\t./a\n\t./b\n)\nreplace example.com/x => example.com/fork v2.0.0\n",
            "a/go.mod": "go 1.22\nrequire example.com/lib v1.2.0\nrequire example.com/x v1.0.0\n",
            "b/go.mod": "go 1.22\nrequire example.com/lib v1.10.0\n",
        },
        "a",
        ["lib v1.10.0 2", "x v2.0.0 3"],
        ["lib==v1.10.0 a/go.mod:2", "x==v2.0.0 a/go.mod:3"],
    ),
    (
        "a module beside a workspace",
        GO,
        {
            "go.work": "use ./b\n",
            "a/go.mod": "go 1.22\nrequire example.com/lib v1.2.0\n",
            "b/go.mod": "go 1.22\nrequire example.com/lib v1.10.0\n",
        },
        "a",
        ["lib v1.2.0 2"],
        ["lib==v1.2.0 a/go.mod:2"],
    ),
    ("no lock", NPM, {"package.json": '{"dependencies":\n{"a": "^1"}}'}, "", ["a ^1 2"], None),
    (
        "what a version 3 lock puts in production, nested folders first",
        NPM,
        {
            "package.json": '{"dependencies": {"express": "^4", "@s/x": "1"}}',
            "package-lock.json": json.dumps(LOCK_3, indent=1),
        },
        "",
        ["express ^4 1", "x 1 1"],
        ["debug==2.6.9 package-lock.json:19", "express==4.18.2 package-lock.json:13", "x==1.0.0 package-lock.json:26"],
    ),
    (
        "a member of a workspace",
        NPM,
        {
            "package.json": '{"private": true, "workspaces": ["packages/*"]}',
            "package-lock.json": json.dumps(LOCK_3),
            "packages/a/package.json": '{"dependencies": {"b": "*"}}',
        },
        "packages/a",
        ["b * 1"],
        ["lodash==4.17.21 package-lock.json:1"],
    ),
    (
        "version 1",
        NPM,
        {"package-lock.json": json.dumps(LOCK_1)},
        "",
        [],
        ["debug==2.0.0 package-lock.json:1", "express==4.1.0 package-lock.json:1", "fork==abcd package-lock.json:1"],
    ),
    (
        "yarn 1",
        NPM,
        {"package.json": YARN_PROJECT, "yarn.lock": YARN_1},
        "",
        ["left-pad ^1.3.0 1", "real ^2.0.0 1"],
        ["left-pad==1.3.0 yarn.lock:3", "real==2.1.0 yarn.lock:12", "deep==1.5.0 yarn.lock:9"],
    ),
    (
        "yarn berry",
        NPM,
        {"package.json": YARN_PROJECT, "yarn.lock": YARN_BERRY},
        "",
        ["left-pad ^1.3.0 1", "real ^2.0.0 1"],
        ["left-pad==1.3.0 yarn.lock:10", "real==2.1.0 yarn.lock:20", "deep==1.5.0 yarn.lock:16"],
    ),
    (
        "pnpm 9, a member of a workspace",
        NPM,
        {
            "pnpm-workspace.yaml": "packages: [apps/*]",
            "pnpm-lock.yaml": PNPM_9,
            "apps/a/package.json": '{"dependencies": {"@s/x": "^1"}}',
        },
        "apps/a",
        ["x ^1 1"],
        [
            "fork==3.0.0 pnpm-lock.yaml:27",
            "lodash_es==4.17.21 pnpm-lock.yaml:25",
            "react==18.0.0 pnpm-lock.yaml:24",
            "real==2.0.0 pnpm-lock.yaml:23",
            "x==1.0.0 pnpm-lock.yaml:21",
        ],
    ),
    (
        "pnpm 6",
        NPM,
        {"package.json": '{"dependencies": {"a": "^1"}}', "pnpm-lock.yaml": PNPM_6},
        "",
        ["a ^1 1"],
        ["a==1.0.0 pnpm-lock.yaml:7", "c==3.0.0 pnpm-lock.yaml:9"],
    ),
    (
        "pnpm 5",
        NPM,
        {"package.json": '{"dependencies": {"a_b": "^1"}}', "pnpm-lock.yaml": PNPM_5},
        "",
        ["a_b ^1 1"],
        ["a_b==1.0.0 pnpm-lock.yaml:6", "c==3.0.0 pnpm-lock.yaml:8"],
    ),
    (
        "bun, a member of a workspace",
        NPM,
        {
            "package.json": '{"workspaces": ["apps/*"]}',
            "bun.lock": BUN,
            "apps/a/package.json": '{"dependencies": {"x": "^1"}}',
        },
        "apps/a",
        ["x ^1 1"],
        ["x==1.0.0 bun.lock:11", "y==1.5.0 bun.lock:12", "y==2.0.0 bun.lock:13", "z==github:org/z#abc bun.lock:14"],
    ),
    (
        "a crate of a workspace",
        CARGO,
        {"Cargo.toml": WORKSPACE, "Cargo.lock": CARGO_LOCK, "app/Cargo.toml": CARGO_TOML},
        "app",
        ["serde 1 4", "tokio 1.35 5", "nix 8"],
        [
            "nix==0.1.0 Cargo.lock:10",
            "serde==0.9.0 Cargo.lock:18",
            "serde==1.0.200 Cargo.lock:14",
            "tokio==1.35.1 Cargo.lock:22",
        ],
    ),
]


@pytest.mark.parametrize(
    ("gatherer", "files", "directory", "wanted", "pins"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_what_is_required_and_locked(
    tmp_path: Path, gatherer: Gatherer, files: Files, directory: str, wanted: list[str], pins: list[str] | None
) -> None:
    group = only_set(gatherer.gather(laid_out(tmp_path, files), directory, Wish()))
    assert required(group) == wanted
    assert sorted(locked(group) or []) == sorted(pins or [])
    assert (group.locked is None) == (pins is None)


@pytest.mark.parametrize(
    ("gatherer", "files"),
    [
        (NPM, {"package-lock.json": json.dumps(LOCK_1)}),
        (CARGO, {"Cargo.toml": CARGO_TOML, "Cargo.lock": CARGO_LOCK}),
        (NPM, {"package.json": '{"dependencies": {"a": "https://user:secret@git.example/a.tgz?token=secret"}}'}),
    ],
)
def test_credentials_stay_out(tmp_path: Path, gatherer: Gatherer, files: Files) -> None:
    assert "secret" not in repr(gatherer.gather(laid_out(tmp_path, files), "", Wish()))


@pytest.mark.parametrize(
    ("files", "services"),
    [
        (
            {"a/go.mod": "module a\n", "b/package.json": "{}", "c/Cargo.toml": '[package]\nname = "c"\n'},
            ["a", "b", "c"],
        ),
        ({"package.json": '{"workspaces": ["p/*"]}', "p/a/package.json": '{"dependencies": {"x": "1"}}'}, ["p/a"]),
        ({"Cargo.toml": WORKSPACE, "app/Cargo.toml": CARGO_TOML}, ["app"]),
        ({"a/package.json": '{"devDependencies": {"prettier": "3"}}'}, []),
        ({"a/package.json": '{"devDependencies": {"vite": "3"}, "scripts": {"start": "node ."}}'}, ["a"]),
        ({"a/go.sum": "", "b/yarn.lock": "", "c/Cargo.lock": "", "d/pnpm-lock.yaml": "", "e/bun.lock": ""}, []),
        ({"a/package.json": "{}", "a/node_modules/b/package.json": "{}"}, ["a"]),
    ],
)
def test_what_makes_a_service(tmp_path: Path, files: Files, services: list[str]) -> None:
    found = discover(laid_out(tmp_path, files), gatherers())
    assert [item.directory for item in found.found] == services


def test_a_lock_that_is_not_read_is_named(tmp_path: Path) -> None:
    tree = laid_out(tmp_path, {"package.json": "{}", "bun.lockb": "#!/usr/bin/env bun"})
    (skipped,) = NPM.gather(tree, "", Wish()).skipped
    assert (skipped.what, skipped.incomplete) == ("bun.lockb", False)


NAMES = (
    "go.work", "go.mod", "go.sum", "package.json", "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock",
    "Cargo.toml", "Cargo.lock",
)  # fmt: skip
SEEDS = (
    GO_MOD.format(go="1.16"),
    GO_SUM,
    "use .\nreplace a => b v1\n",
    json.dumps(LOCK_3),
    json.dumps(LOCK_1),
    YARN_1,
    YARN_BERRY,
    YARN_PROJECT,
    CARGO_TOML,
    CARGO_LOCK,
    WORKSPACE,
    PNPM_9,
    PNPM_6,
    PNPM_5,
    BUN,
    "[" * 100_000,
    '{"packages":' + '{"":' * 5000,
    '{"lockfileVersion": ' + "1" * 5000 + "}",
    '{"a": "\\ud800"}',
    '{"dependencies": []}',
    "require a v" + "1" * 5000,
)


@st.composite
def spoilt(draw: st.DrawFn, seeds: Sequence[str] = SEEDS) -> bytes:
    """A text of the right kind with a part replaced by anything."""
    seed = draw(st.sampled_from(seeds)).encode()
    begin = draw(st.integers(0, len(seed)))
    end = draw(st.integers(begin, min(len(seed), begin + 40)))
    return seed[:begin] + draw(st.binary(max_size=12)) + seed[end:]


VALUES: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("dependencies", "packages", "version", "", "node_modules/a", "workspaces", "link", "a"))
            | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.dictionaries(st.sampled_from(NAMES), spoilt() | VALUES.map(lambda v: json.dumps(v).encode()), min_size=1),
)
def test_hostile_manifests_only_leave_notes(tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]) -> None:
    root = tmp_path_factory.mktemp("hostile")
    for name, content in files.items():
        (root / name).write_bytes(content)
    for gatherer in (GO, NPM, CARGO):
        found = gatherer.gather(Tree(root), "", Wish())
        for group in found.sets:
            assert group.bundled
            for package in (
                *(r.package for r in group.requirements),
                *(p.candidate.package for p in group.locked or ()),
            ):
                assert package.name.isprintable() and ".." not in (package.name, *package.namespace.split("/"))
        assert all(not skipped.incomplete for skipped in found.skipped)
