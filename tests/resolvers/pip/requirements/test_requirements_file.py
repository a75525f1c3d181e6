"""Requirements files: every line pip knows, and every way to break one."""

from __future__ import annotations

import codecs
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tomli
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.package import pypi
from analyzer.requirement import Force, Requirement
from analyzer.service import Platform
from resolvers.pip.declared import Context, Declared
from resolvers.pip.requirements.requirements_file import read_requirements_file
from resolvers.tree import Tree

FIXTURES = Path(__file__).parents[4] / "fixtures" / "pypi" / "requirements"
CASES = tomli.loads((FIXTURES / "lines.toml").read_text("utf-8"))["case"]
FILE = "svc/requirements.txt"


def project(context: Context, folder: str, extras: tuple[str, ...]) -> Declared:
    """A project that needs <folder>-needs, and <folder>-needs-<extra> with an extra."""
    needs = [f"{folder}-needs", *(f"{folder}-needs-{extra}" for extra in extras)]
    origin = Origin(f"{folder}/pyproject.toml", 1)
    return Declared(tuple(Requirement(pypi(n), "", origin) for n in needs), distribution=folder)


def context(root: Path, **files: str | bytes) -> Context:
    for name, content in {"svc/pyproject.toml": "", "lib/pyproject.toml": "", "lib/readme": "", **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Context(Tree(root), Platform(), ("3.9", "3.12"), "3.12", project=project)


def read(root: Path, content: str | bytes, **files: str | bytes) -> Declared:
    return read_requirements_file(context(root, **{FILE: content}, **files), FILE)


def shown(requirement: Requirement) -> str:
    return f"{requirement} ; {requirement.marker}" if requirement.marker else str(requirement)


def names(declared: Declared) -> list[str]:
    return [str(r) for r in declared.requirements]


@pytest.mark.parametrize("case", CASES, ids=[case["line"][:60] for case in CASES])
def test_a_line_means_what_it_means_to_pip(case: dict[str, Any], tmp_path: Path) -> None:
    if case.get("force") == "limits":
        declared = read(tmp_path, "-c limits.txt", **{"svc/limits.txt": case["line"]})
        assert {r.force for r in declared.requirements} <= {Force.LIMITS}
    else:
        declared = read(tmp_path, case["line"])
    assert [shown(r) for r in declared.requirements] == case.get("requirements", [])
    skipped = [f"{'!' if s.incomplete else ''}{s.what}: {s.reason}" for s in declared.skipped]
    expected = case.get("skipped", [])
    assert len(skipped) == len(expected)
    assert all(got.startswith(want) for got, want in zip(skipped, expected, strict=True)), skipped
    assert "secret" not in repr(declared)


def test_a_requirement_knows_the_first_physical_line_of_its_entry(tmp_path: Path) -> None:
    declared = read(
        tmp_path, "# head\n\nflask \\\n  ==1 \\\n  --hash=sha256:aa\nrich<2 ; python_version < '3.10' # why\n"
    )
    assert [r.origin for r in declared.requirements] == [
        Origin(FILE, 3, "flask   ==1"),
        Origin(FILE, 6, "rich<2 ; python_version < '3.10'"),
    ]


def test_a_form_feed_ends_an_entry_but_no_line_of_an_editor(tmp_path: Path) -> None:
    declared = read(tmp_path, "flask\x0crich\nattrs")
    assert [(str(r), r.origin.line) for r in declared.requirements] == [("flask", 1), ("rich", 1), ("attrs", 2)]


def test_a_wheel_fixes_the_version(tmp_path: Path) -> None:
    (wheel,) = read(tmp_path, "./dist/flask-1.0.post1-py3-none-any.whl").requirements
    assert (wheel.package, wheel.constraint) == (pypi("flask"), "==1.0.post1")


@pytest.mark.parametrize(
    ("line", "unknown"),
    [
        ("git+https://git.example/repo@v1#egg=repo", "repo comes from git.example/repo@v1"),
        ("https://files.example/flask-1.0-py3-none-any.whl", "flask comes from https://files.example/flask"),
        ("./dist/flask-1.0-py3-none-any.whl", "flask comes from svc/dist/flask"),
        ("-e ../lib", ""),
        ("flask", ""),
    ],
)
def test_what_cannot_be_seen_without_fetching_is_said(line: str, unknown: str, tmp_path: Path) -> None:
    sentences = read(tmp_path, line).unknown
    assert len(sentences) == bool(unknown)
    assert all(s.startswith(unknown) and s.endswith("what it requires itself is unknown") for s in sentences)


class TestIncludes:
    def test_are_relative_to_the_including_file(self, tmp_path: Path) -> None:
        declared = read(
            tmp_path,
            "-r requirements/base.txt\nflask",
            **{"svc/requirements/base.txt": "-r../../common/all.txt\nrich", "common/all.txt": "attrs"},
        )
        assert [(str(r), r.origin.file) for r in declared.requirements] == [
            ("attrs", "common/all.txt"),
            ("rich", "svc/requirements/base.txt"),
            ("flask", FILE),
        ]

    @pytest.mark.parametrize(
        "spelling", ["-r a.txt", "-ra.txt", "--requirement a.txt", "--requirement=a.txt", "--requirem a.txt"]
    )
    def test_have_every_spelling_of_optparse(self, spelling: str, tmp_path: Path) -> None:
        assert names(read(tmp_path, spelling, **{"svc/a.txt": "flask"})) == ["flask"]

    def test_of_a_file_with_blanks_in_its_name(self, tmp_path: Path) -> None:
        assert names(read(tmp_path, '-r "a b.txt"', **{"svc/a b.txt": "flask"})) == ["flask"]

    def test_of_constraints_limit(self, tmp_path: Path) -> None:
        declared = read(tmp_path, "-c limits.txt\nflask", **{"svc/limits.txt": "flask<2"})
        assert [(str(r), r.force) for r in declared.requirements] == [
            ("flask<2", Force.LIMITS),
            ("flask", Force.REQUIRES),
        ]

    def test_in_a_constraints_file_require_as_pip_has_it(self, tmp_path: Path) -> None:
        declared = read(tmp_path, "-c limits.txt", **{"svc/limits.txt": "-r more.txt", "svc/more.txt": "flask"})
        assert [r.force for r in declared.requirements] == [Force.REQUIRES]

    def test_of_one_file_twice_count_once(self, tmp_path: Path) -> None:
        files = {f"svc/{i}.txt": f"-r {i + 1}.txt\n-r {i + 1}.txt" for i in range(40)} | {"svc/40.txt": "flask"}
        declared = read(tmp_path, "-r 0.txt", **files)
        assert names(declared) == ["flask"] and not declared.skipped

    def test_of_one_file_as_both_kinds_count_as_both(self, tmp_path: Path) -> None:
        declared = read(tmp_path, "-r a.txt\n-c a.txt", **{"svc/a.txt": "flask"})
        assert [r.force for r in declared.requirements] == [Force.REQUIRES, Force.LIMITS]

    def test_too_many_in_a_row_are_skipped(self, tmp_path: Path) -> None:
        files = {f"svc/{i}.txt": f"-r {i + 1}.txt" for i in range(2000)}
        (skipped,) = read(tmp_path, "-r 0.txt", **files).skipped
        assert "over more than 50 files" in skipped.reason

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("-r requirements.txt", "includes itself"),
            ("-c ./../svc/requirements.txt", "includes itself"),
            ("-r missing.txt", "svc/missing.txt: does not exist"),
            ("-r ../lib", "lib: is no regular file"),
            ("-r /etc/hostname", "is an absolute path"),
            ("-r ../../secret.txt", "leads out of the audited folder"),
            ("-r link.txt", "leads out of the audited folder"),
            ("-r https://files.example/r.txt", "is included from a URL"),
            ("-c HTTPS://files.example/r.txt", "is included from a URL"),
            ("-r file:///etc/hostname", "is included from a URL"),
            ("-r ${STAGE}.txt", "depends on the environment variable STAGE"),
            ("-r 'a b.txt", "has options that pip refuses"),
        ],
    )
    def test_that_cannot_be_followed_are_skipped_at_their_line(self, line: str, reason: str, tmp_path: Path) -> None:
        (tmp_path / "svc").mkdir()
        (tmp_path / "svc/link.txt").symlink_to("/etc/hostname")
        declared = read(tmp_path, f"flask\n{line}\nrich")
        assert names(declared) == ["flask", "rich"]
        assert {(s.origin.file, s.origin.line, s.incomplete) for s in declared.skipped[:1]} == {(FILE, 2, True)}
        assert reason in declared.skipped[0].reason

    def test_a_cycle_over_two_files_is_broken_where_it_closes(self, tmp_path: Path) -> None:
        declared = read(tmp_path, "-r a.txt\nflask", **{"svc/a.txt": "rich\n-r requirements.txt"})
        assert names(declared) == ["rich", "flask"]
        assert [(s.origin.file, s.origin.line) for s in declared.skipped] == [("svc/a.txt", 2)]

    def test_a_broken_file_costs_its_own_content(self, tmp_path: Path) -> None:
        declared = read(tmp_path, "-r a.txt\nflask", **{"svc/a.txt": b"rich\n\xff"})
        assert names(declared) == ["flask"]
        assert "svc/a.txt:2: is not UTF-8 (byte 0xff)" in declared.skipped[0].reason


class TestLocalProjects:
    def test_are_looked_for_from_the_file_upwards(self, tmp_path: Path) -> None:
        path = "svc/requirements/dev/all.txt"
        declared = read_requirements_file(context(tmp_path, **{path: "-e .\n-e ./lib"}), path)
        assert names(declared) == ["svc-needs", "lib-needs", "lib @ lib"]

    def test_being_read_already_are_not_read_again(self, tmp_path: Path) -> None:
        reading = replace(context(tmp_path, **{FILE: "-e .\nflask"}), trail=("svc",))
        assert names(read_requirements_file(reading, FILE)) == ["flask"]

    def test_being_read_already_still_add_their_extras(self, tmp_path: Path) -> None:
        reading = replace(context(tmp_path, **{FILE: "-e .[web]"}), trail=("svc",))
        assert names(read_requirements_file(reading, FILE)) == ["svc-needs", "svc-needs-web"]

    def test_see_the_files_that_led_to_them(self, tmp_path: Path) -> None:
        trails = []

        def spy(reading: Context, folder: str, extras: tuple[str, ...]) -> Declared:
            trails.append(reading.trail)
            return Declared()

        read_requirements_file(replace(context(tmp_path, **{FILE: "-e ../lib"}), project=spy, trail=("x",)), FILE)
        assert trails == [("x", FILE)]

    def test_under_a_marker_count_where_it_holds(self, tmp_path: Path) -> None:
        seen = []

        def spy(reading: Context, folder: str, extras: tuple[str, ...]) -> Declared:
            seen.append(reading.pythons)
            needs = Requirement(pypi("attrs"), "", Origin("lib/pyproject.toml", 1), marker="python_version > '3.6'")
            return Declared((needs,))

        line = "../lib ; python_version < '3.10'"
        declared = read_requirements_file(replace(context(tmp_path, **{FILE: line}), project=spy), FILE)
        assert seen == [("3.9",)]
        assert [r.marker for r in declared.requirements] == ["(python_version < '3.10') and (python_version > '3.6')"]

    def test_that_cannot_be_read_are_skipped(self, tmp_path: Path) -> None:
        def broken(reading: Context, folder: str, extras: tuple[str, ...]) -> Declared:
            raise ManifestError(Origin(f"{folder}/pyproject.toml", 7), "is no TOML")

        declared = read_requirements_file(replace(context(tmp_path, **{FILE: "\n-e ../lib"}), project=broken), FILE)
        assert [(s.reason, s.origin.line) for s in declared.skipped] == [
            ("cannot be read: lib/pyproject.toml:7: is no TOML", 2)
        ]

    def test_are_skipped_where_nobody_reads_projects(self, tmp_path: Path) -> None:
        declared = read_requirements_file(replace(context(tmp_path, **{FILE: "-e ../lib"}), project=None), FILE)
        assert declared.skipped[0].incomplete and "is not read here" in declared.skipped[0].reason

    def test_join_their_interpreter_and_their_gaps(self, tmp_path: Path) -> None:
        python = Requirement(pypi("python"), ">=3.9", Origin("lib/pyproject.toml", 2))

        def partial(reading: Context, folder: str, extras: tuple[str, ...]) -> Declared:
            return Declared(interpreter=(python,), unknown=("dynamic",))

        declared = read_requirements_file(replace(context(tmp_path, **{FILE: "-e ../lib"}), project=partial), FILE)
        assert (declared.interpreter, declared.unknown) == ((python,), ("dynamic",))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (codecs.BOM_UTF8 + b"flask", "flask"),
        (codecs.BOM_UTF16_LE + "flask\r\n".encode("utf-16-le"), "flask"),
        (codecs.BOM_UTF16_BE + "flask\r\n".encode("utf-16-be"), "flask"),
        (codecs.BOM_UTF32_LE + "flask\n".encode("utf-32-le"), "flask"),
        ("# -*- coding: latin-1 -*-\nflask # für".encode("latin-1"), "flask"),
        ("\n# vim: set fileencoding=cp1252 :\nflask # für".encode("cp1252"), "flask"),
    ],
)
def test_encodings_are_pips(content: bytes, expected: str, tmp_path: Path) -> None:
    assert names(read(tmp_path, content)) == [expected]


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"flask\nri\xffch", 2, "is not UTF-8 (byte 0xff)"),
        ("für".encode("latin-1"), 1, "is not UTF-8"),
        (codecs.BOM_UTF8 + b"a\n\xc3", 2, "is not UTF-8"),
        ("flask".encode("utf-16-le"), 1, "NUL"),
        (codecs.BOM_UTF16_LE + b"f", 1, "is not UTF-16-LE"),
        (codecs.BOM_UTF32_LE + b"\xff\xff\xff\xff", 1, "is not UTF-32-LE"),
        (b"flask\n\nri\0ch", 3, "NUL"),
        (b"# coding: ascii\nflask # \xc3\xbc", 2, "is not ASCII"),
        (b"# coding: idna\nflask", 1, "character encoding"),
        (b"# coding: unicode_escape\nfl\\x61sk", 1, "character encoding"),
        (b"# coding: cp999\nflask", 1, "character encoding"),
        (b"# coding: iso-8859-99\nflask", 1, "character encoding"),
    ],
)
def test_a_file_that_is_no_text_is_refused_with_its_line(
    content: bytes, line: int, reason: str, tmp_path: Path
) -> None:
    with pytest.raises(ManifestError) as error:
        read(tmp_path, content)
    assert (error.value.origin.file, error.value.origin.line) == (FILE, line)
    assert reason in error.value.reason


@pytest.mark.parametrize("path", ["svc/missing.txt", "lib", "../escape.txt", "/etc/hostname", "svc/\0.txt"])
def test_a_file_that_is_none_is_refused(path: str, tmp_path: Path) -> None:
    with pytest.raises(ManifestError):
        read_requirements_file(context(tmp_path), path)


@pytest.mark.parametrize(
    "line",
    [
        "flask==" + "1" * 5000,
        "flask>=1." + "0" * 100_000,
        "flask; python_version >= '" + "9" * 5000 + "'",
        "flask; " + "(" * 4000 + "python_version > '3'" + ")" * 4000,
        "flask; " + "(" * 4000,
        "flask; " + "python_version > '3' and " * 300 + "(",
        "flask[" + "a," * 20_000,
        "a" * 1_000_000,
        " " * 200_000 + "flask x",
        "flask " + " " * 200_000 + "x",
        "flask \\\n" * 100_000 + ">=1",
        "flask " + "--hash=sha256:a " * 2000,
        "https://files.example/" + "a" * 1_000_000 + ".zip",
        "https://files.example/flask-" + "1" * 300 + "-py3-none-any.whl",
        "./" + "1" * 5000 + "-1-py3-none-any.whl",
        "./" + "a/" * 30_000,
        "-e " + "../" * 20_000 + "lib",
        "-r " + "x" * 60_000,
        "-r " + "a/" * 4000 + "r.txt",
        "-r \udcff".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
        "flask @ git+https://" + "a:" * 2000 + "@host/x",
        "flask @ https://host:99999999/flask.zip",
        "flask @ https://host:port/flask.zip",
        "git+https://host:port/x#egg=flask",
        "git+ssh://:@#egg=flask",
        "https://#egg=flask",
        "\u202eksalf",
        "flask\x1b[31m==1",
        "flask==1\x7f",
        "[flask]",
        "{'flask': 1}",
        "<<<<<<< HEAD",
        "@@ -1 +1 @@",
        "Collecting flask",
        "import os; os.system('x')",
        "-----BEGIN PGP MESSAGE-----",
        "--",
        "-",
        "\\",
    ],
    ids=lambda line: repr(line[:40]),
)
def test_a_hostile_line_costs_no_more_than_itself(line: str, tmp_path: Path) -> None:
    declared = read(tmp_path, f"rich\n{line}\n\nattrs\n")
    assert {"rich", "attrs"} <= set(names(declared))
    assert all(s.origin.file == FILE and s.origin.line >= 2 for s in declared.skipped)
    assert all(len(s.what) <= 200 and len(s.origin.text) <= 200 and len(s.reason) < 400 for s in declared.skipped)
    assert all(len(r.origin.text) <= 200 for r in declared.requirements)


WORDS = ["flask", "==", "1.0", "-r", "-e", "-c", "requirements.txt", "../lib", ".", "[x]", ";", "python_version", "'3'"]
WORDS += ["<", "@", "git+https://", "https://", "u:p@", "host", "/x.whl", "#egg=", "#", "--hash=", "${A}", "file:", "("]
WORDS += [")", "and", "--pre", "git@h:p", "%00", "?q", "'", "//", " ", "\n", "\\", "\\\n", "\0", "\ufeff"]
CONTENTS = st.one_of(
    st.binary(),
    st.text().map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(st.sampled_from(WORDS)).map(lambda words: "".join(words).encode()),
)


@settings(max_examples=150, deadline=None)
@given(CONTENTS)
def test_any_bytes_give_a_value_or_a_manifest_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    root = tmp_path_factory.getbasetemp() / "any"
    try:
        declared = read(root, content)
    except ManifestError as error:
        assert error.origin.file == FILE
    else:
        assert all(r.origin.line >= 1 for r in declared.requirements if r.origin.file == FILE)
