"""Effective POMs by Gradle's rules (its ``PomReader`` and ``GradlePomModuleDescriptorParserTest``)."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.errors import ManifestError
from resolvers.maven.module import Exclusion
from tests.resolvers.maven.frozen import candidate
from tests.resolvers.maven.written import dependencies, dependency, gav, managed, module, repository, told, write


def parent(coordinates: str) -> str:
    return f"<parent>{gav(coordinates)}</parent>"


def scoped(coordinates: str, scope: str) -> str:
    return dependency(coordinates, f"<scope>{scope}</scope>")


def bom(coordinates: str) -> str:
    return dependency(coordinates, "<type>pom</type><scope>import</scope>")


def properties(**values: str) -> str:
    return f"<properties>{''.join(f'<{name}>{value}</{name}>' for name, value in values.items())}</properties>"


def profile(activation: str, body: str) -> str:
    return f"<profile><activation>{activation}</activation>{body}</profile>"


DEFAULT = "<activeByDefault>true</activeByDefault>"
ABSENT = "<property><name>!skip</name></property>"

RULES = {
    "compile and runtime count": (
        {
            "g:app:1": dependencies(
                *(scoped(f"g:{s}:1", s) for s in ("compile", "runtime", "test", "provided", "system"))
            )
        },
        ["g:compile:1", "g:runtime:1"],
    ),
    "optional does not": (
        {"g:app:1": dependencies(dependency("g:a:1", "<optional>true</optional>"), dependency("g:b:1"))},
        ["g:b:1"],
    ),
    "an unknown scope is compile": ({"g:app:1": dependencies(scoped("g:a:1", "odd"))}, ["g:a:1"]),
    "the module itself is left out": ({"g:app:1": dependencies(dependency("g:app:1"), dependency("g:a:1"))}, ["g:a:1"]),
    "properties, of properties": (
        {"g:app:1": properties(one="${two}.0", two="2") + dependencies(dependency("g:a:${one}"))},
        ["g:a:2.0"],
    ),
    "unknown properties stay": ({"g:app:1": dependencies(dependency("g:a:${x}"))}, ["g:a:${x}"]),
    "own coordinates": (
        {
            "g:app:1": dependencies(
                dependency("${project.groupId}:a:${project.version}"), dependency("${pom.groupId}:b:${version}")
            )
        },
        ["g:a:1", "g:b:1"],
    ),
    "inherited, after the own": (
        {
            "g:app:1": parent("g:top:7") + dependencies(dependency("g:a:1")),
            "g:top:7": dependencies(dependency("g:b:${project.parent.version}", ""), dependency("g:a:9")),
        },
        ["g:a:1", "g:b:${project.parent.version}"],
    ),
    "a parent's words with its own coordinates": (
        {"g:app:1": parent("g:top:7"), "g:top:7": dependencies(dependency("g:b:${project.version}"))},
        ["g:b:7"],
    ),
    "a child's property in a parent's words": (
        {
            "g:app:1": parent("g:top:7") + properties(v="child"),
            "g:top:7": properties(v="top") + dependencies(dependency("g:b:${v}")),
        },
        ["g:b:child"],
    ),
    "the parent's version": (
        {"g:app:1": parent("g:top:7") + dependencies(dependency("g:a:${project.parent.version}")), "g:top:7": ""},
        ["g:a:7"],
    ),
    "managed version, scope and exclusions": (
        {
            "g:app:1": managed(dependency("g:a:3"), scoped("g:b:4", "test"))
            + dependencies(dependency("g:a"), dependency("g:b")),
        },
        ["g:a:3"],
    ),
    "what is said goes before what is managed": (
        {"g:app:1": managed(dependency("g:a:3")) + dependencies(dependency("g:a:1"))},
        ["g:a:1"],
    ),
    "a classifier is managed by itself": (
        {
            "g:app:1": managed(dependency("g:a:3", "<classifier>x</classifier>"), dependency("g:a:2"))
            + dependencies(dependency("g:a", "<classifier>x</classifier>"), dependency("g:a"))
        },
        ["g:a:x:3", "g:a:2"],
    ),
    "a test jar has a classifier": (
        {"g:app:1": dependencies(dependency("g:a:1", "<type>test-jar</type>"))},
        ["g:a:tests:1"],
    ),
    "the first import wins": (
        {
            "g:app:1": managed(bom("g:one:1"), bom("g:two:1")) + dependencies(dependency("g:a"), dependency("g:b")),
            "g:one:1": managed(dependency("g:a:1")),
            "g:two:1": managed(dependency("g:a:2"), dependency("g:b:2")),
        },
        ["g:a:1", "g:b:2"],
    ),
    "imports go before the parent": (
        {
            "g:app:1": parent("g:top:1") + managed(bom("g:one:1")) + dependencies(dependency("g:a")),
            "g:top:1": managed(dependency("g:a:5")),
            "g:one:1": managed(dependency("g:a:1")),
        },
        ["g:a:1"],
    ),
    "imports of imports, with their own properties": (
        {
            "g:app:1": properties(v="mine") + managed(bom("g:one:1")) + dependencies(dependency("g:a")),
            "g:one:1": managed(bom("g:two:1")),
            "g:two:1": properties(v="theirs") + managed(dependency("g:a:${v}")),
        },
        ["g:a:theirs"],
    ),
    "active by default": (
        {
            "g:app:1": f"<profiles>{profile(DEFAULT, properties(v='2') + dependencies(dependency('g:b:1')))}</profiles>"
            + properties(v="1")
            + dependencies(dependency("g:a:${v}"))
        },
        ["g:a:2", "g:b:1"],
    ),
    "the absence of a property beats the default": (
        {
            "g:app:1": "<profiles>"
            + profile(DEFAULT, dependencies(dependency("g:a:1")))
            + profile(ABSENT, dependencies(dependency("g:b:1")))
            + profile("<jdk>[1.8,)</jdk>", dependencies(dependency("g:c:1")))
            + "</profiles>"
        },
        ["g:b:1"],
    ),
    "whatever is latest": (
        {"g:app:1": dependencies(dependency("g:a:RELEASE"), dependency("g:b:LATEST"), dependency("g:c:[1,2)"))},
        ["g:a:latest.release", "g:b:latest.integration", "g:c:[1,2)"],
    ),
    "moved to another version": (
        {
            "g:app:1": f"<distributionManagement><relocation>{gav('::2')}</relocation></distributionManagement>",
            "g:app:2": dependencies(dependency("g:a:1")),
        },
        ["g:a:1"],
    ),
}


@pytest.mark.parametrize(("poms", "expected"), RULES.values(), ids=RULES)
def test_follows_the_rules(tmp_path: Path, poms: dict[str, str], expected: list[str]) -> None:
    assert told(module(tmp_path, poms).dependencies) == expected


def test_tells_what_is_excluded(tmp_path: Path) -> None:
    exclusions = f"<exclusions><exclusion>{gav('g:x')}</exclusion><exclusion>{gav('*:*')}</exclusion></exclusions>"
    poms = {
        "g:app:1": managed(dependency("g:b:1", exclusions))
        + dependencies(dependency("g:a:1", exclusions), dependency("g:b", "<exclusions/>"))
    }
    found = module(tmp_path, poms).dependencies
    assert {entry.exclusions for entry in found} == {frozenset({Exclusion("g", "x"), Exclusion()})}


def test_tells_what_a_platform_manages(tmp_path: Path) -> None:
    poms = {
        "g:bom:1": parent("g:top:1") + managed(bom("g:other:1"), dependency("g:a:1"), scoped("g:t:1", "test")),
        "g:top:1": managed(dependency("g:top:1"), dependency("g:a:0")),
        "g:other:1": managed(dependency("g:b:2")),
    }
    found = module(tmp_path, poms, "g:bom:1")
    assert sorted(told(found.managed)) == ["g:a:1", "g:b:2", "g:t:1", "g:top:1"]
    assert found.dependencies == ()


def test_tells_where_a_module_went(tmp_path: Path) -> None:
    relocation = f"<distributionManagement><relocation>{gav('new.g')}</relocation></distributionManagement>"
    found = module(tmp_path, {"g:app:1": relocation + dependencies(dependency("g:a:1"))})
    assert found.relocated == candidate("new.g:app:1")
    assert found.dependencies == ()


ENDLESS = {
    "a parent of itself": {"g:app:1": parent("g:b:1"), "g:b:1": parent("g:c:1"), "g:c:1": parent("g:b:1")},
    "an import of itself": {"g:app:1": managed(bom("g:b:1")), "g:b:1": managed(bom("g:app:1"))},
    "a parent that imports its child": {"g:app:1": parent("g:b:1"), "g:b:1": managed(bom("g:app:1"))},
    "a property of itself": {"g:app:1": properties(a="${b}", b="${a}") + dependencies(dependency("g:a:${a}"))},
    "long chains of parents": {f"g:p{n}:1": parent(f"g:p{n + 1}:1") for n in range(200)}
    | {"g:app:1": parent("g:p0:1"), "g:p200:1": ""},
    "long chains of imports": {f"g:p{n}:1": managed(bom(f"g:p{n + 1}:1")) for n in range(200)}
    | {"g:app:1": managed(bom("g:p0:1")), "g:p200:1": ""},
    "long chains of properties": {
        "g:app:1": properties(**{f"p{n}": f"${{p{n + 1}}}" for n in range(5000)})
        + dependencies(dependency("g:a:${p0}"))
    },
    "properties that multiply": {
        "g:app:1": properties(**{f"p{n}": f"${{p{n + 1}}}" * 10 for n in range(40)}, p40="x")
        + dependencies(dependency("g:a:${p0}"))
    },
    "a missing parent": {"g:app:1": parent("g:none:1")},
    "a missing import": {"g:app:1": managed(bom("g:none:1"))},
    "a parent outside": {"g:app:1": parent("../..:etc:1")},
}


@pytest.mark.parametrize("poms", ENDLESS.values(), ids=ENDLESS)
def test_refuses_what_has_no_end(tmp_path: Path, poms: dict[str, str]) -> None:
    with pytest.raises(ManifestError) as raised:
        module(tmp_path, poms)
    assert raised.value.origin.file.endswith(".pom")


def test_imports_are_read_once(tmp_path: Path) -> None:
    """Each level imports the next twice: 2**40 readings, were they not remembered."""
    poms = {f"g:p{n}:1": managed(bom(f"g:p{n + 1}:1"), dependency("g:a:1"), bom(f"g:p{n + 1}:1")) for n in range(40)}
    found = module(tmp_path, poms | {"g:app:1": managed(bom("g:p0:1")), "g:p40:1": managed(dependency("g:z:1"))})
    assert told(found.managed) == ["g:z:1", "g:a:1"]


def test_refuses_the_pom_of_another_module(tmp_path: Path) -> None:
    write(
        tmp_path, "g:app:1", "<project><groupId>g</groupId><artifactId>other</artifactId><version>1</version></project>"
    )
    with pytest.raises(ManifestError, match="says that it is g:other:1"):
        repository(tmp_path, {}).module(candidate("g:app:1"))
