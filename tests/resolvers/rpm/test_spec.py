"""Spec files after Fedora's habits; rpmspec is the judge of what they require."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.errors import ManifestError
from resolvers.rpm.declared import Declared, Target
from resolvers.rpm.relations import RelationError, relations
from resolvers.rpm.spec import read_spec
from resolvers.tree import Tree
from tests.hostile import EXAMPLES
from tests.resolvers.rpm.building import run

HEAD = "Summary: s\nLicense: MIT\nURL: https://index.example/\n"
BODY = "%description\nText: with a colon\n%prep\n%build\n%install\n%files\n%changelog\n"

JUDGED = {
    "plain": f"Name: web\nVersion: 1.2\nRelease: 1\n{HEAD}Requires: httpd >= 2.4, php-fpm\nRequires: mod_ssl\n{BODY}",
    "blanks and commas": f"Name: web\nVersion: 1\nRelease: 1\n{HEAD}Requires: a b>=1 c =  2:3-4,d,e < 5\n{BODY}",
    "qualifiers": (
        f"Name: web\nVersion: 1\nRelease: 1\n{HEAD}Requires(pre): shadow-utils\nRequires(post,preun): systemd\n"
        f"requires : lower\nRecommends: weak\nSuggests: weaker\nSupplements: x\nEnhances: y\n{BODY}"
    ),
    "rich": (
        f"Name: web\nVersion: 1\nRelease: 1\n{HEAD}Requires: (a >= 1 if (b or c)), plain\n"
        f"Requires: (python3.11dist(x) with python3.11dist(x) < 2)\n{BODY}"
    ),
    "macros": (
        "%global major 3\n%define full %{major}.1\nName: web\nVersion: %{full}\n"
        f"Release: 1\n{HEAD}Requires: python%{{major}} >= %{{full}}\nRequires: x-100%%, %{{_bindir}}/env\n"
        f"Requires: %{{?scl:never}} y%{{?major:.%{{major}}}}\n{BODY}"
    ),
    "conditions": (
        f"%bcond_with tests\n%bcond_without ssl\nName: web\nVersion: 1\nRelease: 1\n{HEAD}"
        "%if %{with tests}\nRequires: pytest\n%endif\n%if %{with ssl} && 1 < 2\nRequires: openssl\n%else\n"
        "Requires: gnutls\n%endif\n%ifarch x86_64\nRequires: on-intel\n%else\nRequires: elsewhere\n%endif\n"
        '%if "a" == "b" || !1\nRequires: never\n%elif 1\nRequires: second\n%else\nRequires: third\n%endif\n'
        f"%ifnarch aarch64 s390x\nRequires: not-arm\n%endif\n{BODY}"
    ),
    "subpackages": (
        f"Name: web\nEpoch: 1\nVersion: 1.2\nRelease: 3\n{HEAD}Requires: %{{name}}-libs%{{?_isa}} = 1:1.2-3\n"
        "Requires: core\n%description\nd\n%package libs\nSummary: l\nRequires: zlib\n%description libs\nd\n"
        "%package -n other\nSummary: o\nRequires: web-libs, glibc\n%description -n other\nRequires: prose\n"
        "%package unbuilt\nSummary: u\nRequires: phantom\n%description unbuilt\nd\n"
        "%build\n%files\n%files libs\n%files -n other\n"
    ),
}
OWN = {"web-libs"}


def _read(folder: Path, text: str, release: str = "") -> Declared:
    (folder / "web.spec").write_text(text, encoding="utf-8")
    return read_spec(Tree(folder), "web.spec", Target(release))


@pytest.mark.parametrize("case", JUDGED)
def test_requires_are_what_rpmspec_says(tmp_path: Path, case: str) -> None:
    declared = _read(tmp_path, JUDGED[case])
    printed = run("rpmspec", "-q", "--builtrpms", "--requires", tmp_path / "web.spec").split("\n")
    expected = {line for line in printed if line and line.partition(" ")[0].partition("(x86")[0] not in OWN}
    assert {str(r) for r in declared.requirements} == expected
    assert declared.unknown == ("rpmbuild adds what it finds in the files that it packs (web.spec)",)
    lines = JUDGED[case].split("\n")
    assert all("equires" in lines[r.origin.line - 1] for r in declared.requirements)


RELEASES = {
    ("fedora:42", "0%{?fedora} >= 40"): ["yes"],
    ("fedora:42", "0%{?rhel}"): ["no"],
    ("fedora:42", "0%{?fedora} > 42 || 0%{?rhel} > 9"): ["no"],
    ("centos:9", "0%{?rhel} == 9 && ! 0%{?fedora}"): ["yes"],
    ("rocky:9", "0%{?rhel} && 0%{!?centos:1}"): ["yes"],
    ("", "0%{?fedora}"): [],
    ("fedora:42", "0%{?something_else}"): [],
    ("fedora:42", "%(test -f /etc/passwd && echo 1)"): [],
    ("fedora:42", '"%{_host}" == "x"'): [],
}


@pytest.mark.parametrize(("release", "condition"), RELEASES)
def test_conditions_on_the_distribution(tmp_path: Path, release: str, condition: str) -> None:
    text = f"Name: web\nAutoReq: no\n%if {condition}\nRequires: yes\n%else\nRequires: no\n%endif\n{BODY}"
    declared = _read(tmp_path, text, release)
    assert [r.package.name for r in declared.requirements] == RELEASES[release, condition]
    if not RELEASES[release, condition]:
        assert declared.unknown == (
            "yes depends on what only a build can tell (web.spec:4)",
            "no depends on what only a build can tell (web.spec:6)",
        )


def test_what_only_a_build_tells_is_unknown(tmp_path: Path) -> None:
    text = (
        "Name: web\nAutoReqProv: no\nRequires: %{py_dist flask}\n%{!?minor: %global minor 7}\n"
        "Requires: php(api) = %{php_core_api}, known\n"
        f"%global tool %(which make)\nRequires: %{{tool}}\nRequires: a >=\n{BODY}"
    )
    declared = _read(tmp_path, text, "fedora:42")
    assert [r.package.name for r in declared.requirements] == ["known"]
    assert [reason[reason.rindex("(") :] for reason in declared.unknown] == [
        "(web.spec:3)",
        "(web.spec:5)",
        "(web.spec:7)",
    ]
    assert [(s.origin.line, s.incomplete) for s in declared.skipped] == [(8, True)]


def test_macros_that_stand_for_lines(tmp_path: Path) -> None:
    text = f"Name: web\nAutoReq: 0\n%{{?systemd_requires}}\n%{{?extra:\nRequires: never\n}}\n{BODY}"
    declared = _read(tmp_path, text)
    assert [f"{r.origin.line} {r}" for r in declared.requirements] == ["3 systemd"]


def test_what_is_left_out_is_noted(tmp_path: Path) -> None:
    text = (
        "Name: web\nBuildRequires: gcc, make\nConflicts: other < 2\n%description\nd\n%package devel\nSummary: d\n"
        "Requires: zlib-devel\n%description devel\nd\n%files\n%files devel\n"
    )
    declared = _read(tmp_path, text)
    assert not declared.requirements
    assert [(s.what, s.origin.line, s.incomplete) for s in declared.skipped] == [
        ("Conflicts: other < 2", 3, True),
        ("web-devel", 6, False),
        ("BuildRequires: gcc, make", 2, False),
    ]


BOMBS = {
    "macros that double": "".join(f"%define m{i}x %{{m{i + 1}x}}%{{m{i + 1}x}}\n" for i in range(60))
    + "Requires: %{m0x}\n",
    "a macro of itself": "%define loop %{loop}x\nRequires: %{loop}\n",
    "open braces": "Requires: " + "%{?a:" * 100_000 + "\n",
    "open parentheses": "%if " + "(" * 100_000 + "\nRequires: " + "(" * 100_000 + "\n",
    "nots": "%if " + "!" * 100_000 + "1\n%endif\n",
    "conditions": "%if 1\n" * 15_000,
    "a long number": "%if " + "9" * 100_000 + " > 1\nRequires: x\n%endif\n",
    "a long line": "Requires: " + "a " * 500_000 + "\n",
    "many globals": "".join(f"%global g{i}x %{{?g{i - 1}x}}y\nRequires: %{{g{i}x}}\n" for i in range(3000)),
}


@pytest.mark.parametrize("case", BOMBS)
def test_bombs_end(tmp_path: Path, case: str) -> None:
    declared = _read(tmp_path, f"Name: web\n{BOMBS[case]}{BODY}")
    assert isinstance(declared, Declared)


PIECES = st.sampled_from(
    ["%if", "%else", "%elif", "%endif", "%ifarch", "x86_64", "%define", "%global", "abc", "%{abc}", "%{?abc:", "}",
     "%{", "\\\n", "\n", "\n", "Requires:", "Name:", "(", ")", ">=", "1", "&&", "||", "!", '"', "%package", "-n",
     "%files", "%description", "%bcond_with", "%{with", "%(", "%[", "%%", ",", "Version: %{version}\n", "%undefine"]
) | st.text(max_size=5)  # fmt: skip


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.lists(PIECES, max_size=40).map(" ".join).map(lambda text: text.encode("utf-8", "replace"))
    | st.binary(max_size=60)
)
def test_any_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "hostile.spec").write_bytes(content)
    try:
        declared = read_spec(Tree(folder), "hostile.spec", Target("fedora:42"))
    except ManifestError as error:
        assert error.reason
        return
    assert all(
        1 <= item.origin.line <= content.count(b"\n") + 1 for item in (*declared.requirements, *declared.skipped)
    )


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text("ab(),<>= 1.\n", max_size=40))
def test_relations_lose_nothing(text: str) -> None:
    try:
        found = list(relations(text))
    except RelationError:
        return
    kept = "".join(f"{name}{constraint}" for name, constraint in found)
    assert sorted(set(kept) - set("<>= ,\n")) == sorted(set(text) - set("<>= ,\n"))
