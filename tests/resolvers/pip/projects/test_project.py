from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tomli
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzer.errors import ManifestError
from analyzer.package import PYTHON
from analyzer.requirement import Force, Requirement
from analyzer.service import Platform, Skipped
from resolvers.pip.declared import Choice, Context, Declared
from resolvers.pip.projects.pipfile import read_pipfile
from resolvers.pip.projects.project import read_project
from resolvers.tree import Tree

FIXTURES = Path(__file__).parents[4] / "fixtures/pypi/projects"
CASES = [case for path in sorted(FIXTURES.glob("*.toml")) for case in tomli.loads(path.read_text())["case"]]


def context(root: Path, case: dict[str, Any]) -> Context:
    choice = Choice(tuple(case.get("extras", ())), tuple(case.get("groups", ())))
    return Context(Tree(root), Platform(), ("3.11", "3.12"), "3.12", choice, project=read_project)


def read(root: Path, case: dict[str, Any]) -> Declared:
    for name, text in case["files"].items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    reading = context(root, case)
    if "file" in case:
        return read_pipfile(reading, case["file"])
    return read_project(reading, case.get("folder", ""), reading.choice.extras)


def requirement(item: Requirement) -> str:
    force = "" if item.force is Force.REQUIRES else f"{item.force} "
    marker = f" ; {item.marker}" if item.marker else ""
    return f"{force}{item}{marker} @ {item.origin}"


def skipped(item: Skipped) -> str:
    return f"{'! ' if item.incomplete else ''}{item.what} @ {item.origin}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_a_project_declares(case: dict[str, Any], tmp_path: Path) -> None:
    declared = read(tmp_path, case)
    found = {
        "distribution": declared.distribution,
        "interpreter": [requirement(item) for item in declared.interpreter],
        "requires": [requirement(item) for item in declared.requirements],
        "skipped": [skipped(item) for item in declared.skipped],
        "unknown": len(declared.unknown),
    }
    assert found == {
        "distribution": case.get("distribution", ""),
        "interpreter": case.get("interpreter", []),
        "requires": case.get("requires", []),
        "skipped": case.get("skipped", []),
        "unknown": case.get("unknown", 0),
    }
    assert "secret" not in repr(declared)
    assert declared.locked is None


PROJECT_FILES = ("pyproject.toml", "setup.cfg", "setup.py", "Pipfile")

BROKEN: list[tuple[str, bytes, int]] = [
    ("pyproject.toml", b"[project", 1),
    ("pyproject.toml", b"[project]\nname = 'a'\nname = 'b'\n", 3),
    ("pyproject.toml", b"[project]\ndependencies = [\n 'a',\n", 3),
    ("pyproject.toml", b"[project]\nname = 'a\x00'\n", 2),
    ("pyproject.toml", b"[project]\nname = '\xff'\n", 2),
    ("pyproject.toml", b"\xff\xfe[\x00p\x00", 1),
    ("pyproject.toml", b"[project]\nx = " + b"9" * 5000, 2),
    ("pyproject.toml", b"x = " + b"[" * 3000 + b"]" * 3000, 0),
    ("pyproject.toml", b".".join([b"a"] * 3000) + b" = 1", 0),
    ("pyproject.toml", b"project = []", 1),
    ("pyproject.toml", b"project = 1979-05-27", 1),
    ("pyproject.toml", b"[[project]]\nname = 'a'", 1),
    ("pyproject.toml", b"tool = 3", 1),
    ("pyproject.toml", b"[tool]\npoetry = 'x'", 2),
    ("pyproject.toml", b"[tool]\nuv = []", 2),
    ("pyproject.toml", b"[tool.pdm]\ndev-dependencies = []", 2),
    ("pyproject.toml", b"[tool.pdm.resolution]\noverrides = 1", 2),
    ("pyproject.toml", b"[project]\nname = 3", 2),
    ("pyproject.toml", b"[project]\nname = 'https://u:secret@git.example/'", 2),
    ("pyproject.toml", b"[tool.poetry.dependencies]\n'https://u:secret@git.example/' = 3", 2),
    ("pyproject.toml", b"[project]\ndependencies = ['b']\n[tool.uv]\nworkspace = 3\nsources.b.workspace = true", 4),
    ("pyproject.toml", b"[project]\nname = 'a'\nrequires-python = 3.9", 3),
    ("pyproject.toml", b"[project]\nname = 'a'\nrequires-python = '>=" + b"9" * 5000 + b"'", 3),
    ("pyproject.toml", b"[project]\nname = 'a'\ndependencies = 'b'", 3),
    ("pyproject.toml", b"[project]\nname = 'a'\ndependencies = {b = 1}", 3),
    ("pyproject.toml", b"[project]\nname = 'a'\ndependencies = ['b==" + b"9" * 5000 + b"']", 3),
    ("pyproject.toml", b"[project]\nname = 'a'\noptional-dependencies = ['b']", 3),
    ("pyproject.toml", b"[project]\nname = 'a'\ndynamic = 'dependencies'", 3),
    ("pyproject.toml", b"dependency-groups = ['a']", 1),
    ("pyproject.toml", b"[tool.poetry]\ndependencies = ['a']", 2),
    ("pyproject.toml", b"[tool.poetry.dependencies]\na = '^" + b"9" * 5000 + b"'", 2),
    ("pyproject.toml", b"[tool.poetry.dependencies]\n\na = {git = 'https://[::'}", 3),
    ("pyproject.toml", b"[tool.poetry]\ngroup = 3", 2),
    ("pyproject.toml", b"[tool.poetry.extras]\nx = 3", 2),
    ("pyproject.toml", b"[tool.uv]\nsources = 3", 2),
    ("pyproject.toml", b"[project]\nname = 'a'\ndependencies = ['b']\n[tool.uv.sources]\nb = 3", 5),
    ("pyproject.toml", b"[project]\nname = 'a'\ndependencies = ['b']\n[tool.uv.sources]\nb = {path = '/etc'}", 5),
    ("pyproject.toml", b"[tool.uv]\noverride-dependencies = {}", 2),
    (
        "pyproject.toml",
        b"[project]\ndependencies = ['b']\n[tool.uv]\nsources.b.workspace = true\nworkspace.members = ['"
        + b"**/" * 100_000
        + b"']",
        5,
    ),
    ("setup.cfg", b"key = value\n", 1),
    ("setup.cfg", b"[a]\n[b]\n[a]\n", 3),
    ("setup.cfg", b"[a]\nx = 1\nx = 2\n", 3),
    ("setup.cfg", b"[a]\nx = 1\n\nnonsense\n", 4),
    ("setup.cfg", b"[options]\npython_requires = three\n", 2),
    ("setup.cfg", b"[options]\ninstall_requires =\n    a\n    b==" + b"9" * 5000, 4),
    ("setup.cfg", b"[a]\n\xff\n", 2),
    ("setup.py", b"(" * 100_000, 0),
    ("setup.py", b"def\n", 0),
    ("Pipfile", b"[packages]\na = \n", 2),
    ("Pipfile", b"packages = []", 1),
    ("Pipfile", b"[packages]\na = [1]", 2),
    ("Pipfile", b"[packages]\na = {ref = 'x', git = 3}", 2),
    ("Pipfile", b"[requires]\npython_version = 3", 2),
    ("Pipfile", b"[requires]\npython_version = 'x'", 2),
]


def read_any(root: Path, name: str) -> Declared:
    """Reads a file that may be refused as a whole as a Declared with one Skipped."""
    case = {"extras": ["x"], "groups": ["x", "dev"]}
    try:
        reading = context(root, case)
        return read_pipfile(reading, name) if name == "Pipfile" else read_project(reading, "", ("x",))
    except ManifestError as error:
        return Declared(skipped=(Skipped(name, error.reason, error.origin),))


@pytest.mark.parametrize(("name", "content", "line"), BROKEN)
def test_what_is_broken_is_left_out_with_its_line(name: str, content: bytes, line: int, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    declared = read_any(tmp_path, name)
    left_out = [item for item in declared.skipped if item.incomplete]
    assert {(item.origin.file, item.origin.line) for item in left_out} == {(name, line)}
    assert "secret" not in repr(declared)
    assert all(item.reason and len(item.what) + len(item.reason) < 800 for item in left_out)


def test_a_folder_or_a_link_in_place_of_a_file_is_left_out(tmp_path: Path) -> None:
    root = tmp_path / "tree"
    (root / "pyproject.toml").mkdir(parents=True)
    (tmp_path / "setup.cfg").write_text("[options]\ninstall_requires = secret\n")
    (root / "setup.cfg").symlink_to(tmp_path / "setup.cfg")
    declared = read_project(context(root, {}), "", ())
    assert [skipped(item) for item in declared.skipped] == ["! pyproject.toml @ pyproject.toml"]
    assert declared.requirements == ()


def test_a_long_chain_of_groups_and_a_fan_of_projects_are_no_trouble(tmp_path: Path) -> None:
    chain = "".join(f"g{n} = [{{include-group = 'g{n + 1}'}}]\n" for n in range(3000))
    (tmp_path / "pyproject.toml").write_text(f"[dependency-groups]\n{chain}g3000 = ['end']\n")
    declared = read_project(context(tmp_path, {"groups": ["g0"]}), "", ())
    assert [item.incomplete for item in declared.skipped].count(True) == 1
    for layer in range(12):
        for side in "ab":
            folder = tmp_path / f"{side}{layer}"
            folder.mkdir()
            wanted = f"'a @ ../a{layer + 1}', 'b @ ../b{layer + 1}'" if layer < 11 else "'end'"
            (folder / "pyproject.toml").write_text(f"[project]\nname = '{side}'\ndependencies = [{wanted}]\n")
    fan = read_project(context(tmp_path, {}), "a0", ())
    assert [str(item) for item in fan.requirements].count("end") == 2


def test_links_in_a_workspace_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b/up").symlink_to(tmp_path / "a")
    (tmp_path / "a/out").symlink_to("/")
    (tmp_path / "a/b/pyproject.toml").write_text("[project]\nname = 'member'\ndependencies = ['inner']\n")
    (tmp_path / "pyproject.toml").write_text(
        "[project]\nname = 'root'\ndependencies = ['member']\n"
        "[tool.uv]\nsources.member.workspace = true\nworkspace.members = ['**/**/*', '../*', '/etc']\n"
    )
    declared = read_project(context(tmp_path, {}), "", ())
    assert [skipped(item) for item in declared.skipped] == ["! member @ pyproject.toml:6"]
    text = (tmp_path / "pyproject.toml").read_text()
    (tmp_path / "pyproject.toml").write_text(text.replace(", '../*', '/etc'", ""))
    declared = read_project(context(tmp_path, {}), "", ())
    assert [str(item) for item in declared.requirements] == ["member @ a/b", "inner"]


TEXTS = st.sampled_from(
    [
        "",
        "*",
        "^1 || ^2",
        "a",
        "a[x]>=1; python_version < '3.12'",
        "a @ ../a",
        "a @ git+https://u:secret@git.example/a",
        "../..",
        "lib",
        "x",
        "setuptools.build_meta",
        "dependencies",
        "file:///etc/passwd",
        ">=1",
        "1" * 5000,
        "[",
        "\x1b[31m",
        "${HOME}",
        "/",
        "ssh://",
        "\\",
        "sys_platform == 'linux'",
    ]
)
KEYS = st.sampled_from(
    [
        "a",
        "x",
        "name",
        "dev",
        "lib",
        "python",
        "dependencies",
        "optional-dependencies",
        "requires-python",
        "dynamic",
        "include-group",
        "group",
        "extras",
        "version",
        "git",
        "url",
        "path",
        "file",
        "subdirectory",
        "rev",
        "tag",
        "branch",
        "markers",
        "marker",
        "platform",
        "optional",
        "source",
        "workspace",
        "members",
        "exclude",
        "index",
        "develop",
        "editable",
        "dev-dependencies",
        "resolution",
        "overrides",
        "excludes",
        "sources",
        "override-dependencies",
        "constraint-dependencies",
        "exclude-dependencies",
        "build-backend",
        "python_version",
    ]
)
SCALARS = TEXTS | st.booleans() | st.integers(-(10**20), 10**20) | st.floats()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=12,
)
TABLES = st.dictionaries(KEYS, VALUES, max_size=8)
ARRAYS = st.lists(TEXTS | VALUES, max_size=4)


def shaped(**known: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Mostly a table with keys that are known, at times anything."""
    table = st.fixed_dictionaries({}, optional={key.replace("_", "-"): value for key, value in known.items()})
    return st.one_of(table, table, table, VALUES)


PROJECT = shaped(
    name=TEXTS,
    dependencies=ARRAYS,
    optional_dependencies=st.dictionaries(KEYS, ARRAYS, max_size=3),
    dynamic=st.lists(st.sampled_from(["dependencies", "optional-dependencies", "requires-python"])),
    requires_python=TEXTS,
)
POETRY = shaped(
    dependencies=TABLES,
    extras=TABLES,
    dev_dependencies=TABLES,
    group=st.dictionaries(KEYS, shaped(dependencies=TABLES, include_groups=ARRAYS), max_size=2),
)
PDM = shaped(dev_dependencies=TABLES, resolution=shaped(overrides=TABLES, excludes=ARRAYS))
UV = shaped(
    sources=TABLES,
    workspace=shaped(members=ARRAYS, exclude=ARRAYS),
    dev_dependencies=ARRAYS,
    override_dependencies=ARRAYS,
    constraint_dependencies=ARRAYS,
    exclude_dependencies=ARRAYS,
)
SETUPTOOLS = shaped(dynamic=shaped(dependencies=TABLES, optional_dependencies=TABLES))
PYPROJECTS = st.fixed_dictionaries(
    {},
    optional={
        "project": PROJECT,
        "dependency-groups": TABLES,
        "tool": shaped(poetry=POETRY, pdm=PDM, uv=UV, setuptools=SETUPTOOLS),
        "build-system": TABLES,
    },
)
PIPFILES = st.fixed_dictionaries(
    {}, optional={"packages": TABLES, "dev-packages": TABLES, "requires": TABLES, "source": VALUES, "x": VALUES}
)


def toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(key)} = {toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[\n" + ",\n".join(map(toml, value)) + "]"
    if isinstance(value, str):
        return '"' + "".join(f"\\u{ord(c):04x}" if c in '"\\' or c < " " else c for c in value) + '"'
    return str(value).lower() if isinstance(value, bool) else repr(value)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.tuples(st.just("pyproject.toml"), PYPROJECTS) | st.tuples(st.just("Pipfile"), PIPFILES))
def test_values_of_any_type_are_read_or_left_out(tmp_path: Path, file: tuple[str, dict[str, Any]]) -> None:
    name, data = file
    text = "".join(f"{toml(key)} = {toml(value)}\n" for key, value in data.items())
    for other in PROJECT_FILES:
        (tmp_path / other).unlink(missing_ok=True)
    (tmp_path / name).write_text(text)
    (tmp_path / "lib").mkdir(exist_ok=True)
    (tmp_path / "lib/pyproject.toml").write_text("[project]\nname = 'lib'\ndependencies = ['app @ ..']\n")
    declared = read_any(tmp_path, name)
    assert "secret" not in repr(declared)
    assert all(item.package == PYTHON for item in declared.interpreter)
    places = [item.origin for item in (*declared.requirements, *declared.interpreter, *declared.skipped)]
    assert all(0 <= place.line <= text.count("\n") + 1 for place in places if place.file == name)


@given(st.text(st.sampled_from("[]=:;#\n\t optionsinstall_requires.a>1%\r\x0b\x1c\x85"), max_size=80))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_setup_cfg_is_read_or_left_out(tmp_path: Path, text: str) -> None:
    (tmp_path / "setup.cfg").write_bytes(f"[options]\ninstall_requires =\n {text}\n".encode())
    declared = read_any(tmp_path, "setup.cfg")
    assert all(1 <= item.origin.line <= text.count("\n") + 4 for item in (*declared.requirements, *declared.skipped))
