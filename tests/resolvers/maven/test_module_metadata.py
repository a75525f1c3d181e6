"""Variants of Gradle Module Metadata (format 1.1) as for a JVM's runtime class path."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.errors import ManifestError
from resolvers.maven.module import Exclusion, Kind, Module, ModuleDependency
from resolvers.maven.module_metadata import read_module_metadata
from tests.hostile import EXAMPLES
from tests.resolvers.maven.frozen import candidate
from tests.resolvers.maven.written import told

LIB = candidate("g:lib:1")
CATEGORY, USAGE, JDK = "org.gradle.category", "org.gradle.usage", "org.gradle.jvm.version"
ELEMENTS, ENVIRONMENT = "org.gradle.libraryelements", "org.gradle.jvm.environment"
BUNDLING, KOTLIN = "org.gradle.dependency.bundling", "org.jetbrains.kotlin.platform.type"
RUNTIME = {CATEGORY: "library", USAGE: "java-runtime", ELEMENTS: "jar"}
API = {**RUNTIME, USAGE: "java-api"}


def read(*variants: dict[str, Any]) -> Module:
    content = json.dumps({"formatVersion": "1.1", "component": {}, "variants": variants})
    return read_module_metadata(LIB, content.encode(), "lib-1.module")


def variant(name: str, attributes: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A variant that depends on a module of its name."""
    return {"name": name, "attributes": attributes, "dependencies": [wanted(name)], **more}


def wanted(name: str, version: Any = "1", **more: Any) -> dict[str, Any]:
    return {"group": "g", "module": name, "version": {"requires": version} if version else {}, **more}


CHOICES = {
    "the runtime": ([variant("api", API), variant("run", RUNTIME)], "run"),
    "no sources": (
        [variant("src", {CATEGORY: "documentation", USAGE: "java-runtime"}), variant("run", RUNTIME)],
        "run",
    ),
    "the old usage": ([variant("api", API), variant("run", {**RUNTIME, USAGE: "java-runtime-jars"})], "run"),
    "the standard JVM": (
        [
            variant("droid", {**RUNTIME, ENVIRONMENT: "android"}),
            variant("jre", {**RUNTIME, ENVIRONMENT: "standard-jvm"}),
        ],
        "jre",
    ),
    "what is not for Android": (
        [variant("droid", {**RUNTIME, ENVIRONMENT: "android"}), variant("any", RUNTIME)],
        "any",
    ),
    "Android if need be": ([variant("droid", {**RUNTIME, ENVIRONMENT: "android"})], "droid"),
    "no archives of Android": ([variant("aar", {**RUNTIME, ELEMENTS: "aar"}), variant("jar", RUNTIME)], "jar"),
    "the newest JDK": ([variant("old", {**RUNTIME, JDK: 8}), variant("new", {**RUNTIME, JDK: 17})], "new"),
    "no fat jar": (
        [variant("fat", {**RUNTIME, BUNDLING: "shadowed"}), variant("thin", {**RUNTIME, BUNDLING: "external"})],
        "thin",
    ),
    "Kotlin for the JVM": (
        [
            variant("js", {CATEGORY: "library", USAGE: "kotlin-runtime", KOTLIN: "js"}),
            variant("meta", {CATEGORY: "library", USAGE: "kotlin-metadata", KOTLIN: "common"}),
            variant("jvm", {**RUNTIME, KOTLIN: "jvm"}),
        ],
        "jvm",
    ),
    "no feature that is not asked for": (
        [
            variant("fixtures", RUNTIME, capabilities=[{"group": "g", "name": "lib-test-fixtures", "version": "1"}]),
            variant("run", RUNTIME),
        ],
        "run",
    ),
}


@pytest.mark.parametrize(("variants", "expected"), CHOICES.values(), ids=CHOICES)
def test_chooses_as_gradle(variants: list[dict[str, Any]], expected: str) -> None:
    assert told(read(*variants).dependencies) == [f"g:{expected}:1"]
    assert told(read(*reversed(variants)).dependencies) == [f"g:{expected}:1"]


VERSIONS = {
    "1": {"requires": "1"},
    "strictly 1": {"requires": "1", "strictly": "1"},
    "strictly [1,2); prefer 1.5": {"requires": "[1,2)", "strictly": "[1,2)", "prefers": "1.5"},
    "strictly 1; 1.1": {"requires": "1.1", "strictly": "1"},
    "prefer 1": {"prefers": "1"},
    "1; reject 2; reject 3": {"requires": "1", "rejects": ["2", "3"]},
    "": {},
}


@pytest.mark.parametrize(("expected", "version"), VERSIONS.items())
def test_tells_rich_versions(expected: str, version: dict[str, Any]) -> None:
    entry = {"group": "g", "module": "a", "version": version}
    assert read(variant("run", RUNTIME, dependencies=[entry])).dependencies[0].constraint == expected


def test_tells_all_of_a_dependency() -> None:
    entries = [
        wanted("a", excludes=[{"group": "x", "module": "*"}, {"group": "*", "module": "y"}]),
        wanted("p", attributes={CATEGORY: "platform"}, endorseStrictVersions=True),
        wanted("q", attributes={CATEGORY: "enforced-platform"}),
        wanted(
            "c", "", thirdPartyCompatibility={"artifactSelector": {"name": "c", "type": "jar", "classifier": "linux"}}
        ),
    ]
    module = read(variant("run", RUNTIME, dependencies=entries, dependencyConstraints=[wanted("d", "2")]))
    a, p, q, c, d = module.dependencies
    assert a.exclusions == {Exclusion("x"), Exclusion("", "y")}
    assert [entry.kind for entry in (a, p, q, c, d)] == [
        Kind.DEPENDENCY, Kind.PLATFORM, Kind.ENFORCED_PLATFORM, Kind.DEPENDENCY, Kind.CONSTRAINT,
    ]  # fmt: skip
    assert (c.classifier, c.constraint, d.constraint) == ("linux", "", "2")


def test_follows_to_another_module() -> None:
    there = {"url": "../../lib-jvm/1/lib-jvm-1.module", "group": "g", "module": "lib-jvm", "version": "1"}
    found = read({"name": "jvm", "attributes": RUNTIME, "available-at": there})
    assert found.dependencies == (ModuleDependency(candidate("g:lib-jvm:1").package, "1"),)


def test_tells_capabilities() -> None:
    own, other = ({"group": "g", "name": name, "version": "1"} for name in ("lib", "old-lib"))
    assert read(variant("run", RUNTIME, capabilities=[own, other])).capabilities == (candidate("g:old-lib:1"),)


def test_tells_what_a_platform_says() -> None:
    platform = {CATEGORY: "platform", USAGE: "java-runtime"}
    found = read(
        variant("api", {**platform, USAGE: "java-api"}, dependencyConstraints=[wanted("a", "1")], dependencies=[]),
        variant("run", platform, dependencyConstraints=[wanted("b", "2")], dependencies=[]),
    )
    assert (told(found.managed), found.dependencies) == (["g:b:2"], ())


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"null", b'{"variants": 1}', b'{"variants": [1]}', b'{"variants": []}', b"\xff\xfe{}",
        b"[" * 100_000, b'{"variants":' + b"[" * 100_000, json.dumps({"variants": [variant("api", API)]}).encode(),
    ],
    ids=range(11),
)  # fmt: skip
def test_refuses_what_is_none(content: bytes) -> None:
    with pytest.raises(ManifestError, match=r"lib-1\.module"):
        read_module_metadata(LIB, content, "lib-1.module")


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects that have some of the fields, often of a wrong type."""
    return st.fixed_dictionaries({}, optional={name.replace("_", "-"): value | JUNK for name, value in fields.items()})


WORDS = st.sampled_from(["g", "lib", "1", "*", "", "platform", "library", "java-runtime", "jar", "..", "9" * 5000])
ATTRIBUTES = st.dictionaries(st.sampled_from([CATEGORY, USAGE, ELEMENTS, JDK, ENVIRONMENT]), WORDS | JUNK, max_size=4)
ENTRY = st.lists(
    some(
        group=WORDS, module=WORDS, version=some(requires=WORDS, strictly=WORDS, rejects=st.lists(WORDS, max_size=2)),
        excludes=st.lists(some(group=WORDS, module=WORDS), max_size=2), attributes=ATTRIBUTES,
        thirdPartyCompatibility=some(artifactSelector=some(classifier=WORDS)),
    ),
    max_size=2,
)  # fmt: skip
VARIANT = some(
    name=WORDS, attributes=ATTRIBUTES, dependencies=ENTRY, dependencyConstraints=ENTRY,
    capabilities=st.lists(some(group=WORDS, name=WORDS, version=WORDS), max_size=2),
    available_at=some(group=WORDS, module=WORDS, version=WORDS),
)  # fmt: skip


@settings(max_examples=EXAMPLES, deadline=None)
@given(some(variants=st.lists(VARIANT, max_size=3)).map(json.dumps).map(str.encode) | st.binary(max_size=40))
def test_any_content_is_read_or_refused(content: bytes) -> None:
    try:
        module = read_module_metadata(LIB, content, "lib-1.module")
    except ManifestError as error:
        assert error.origin.file == "lib-1.module"
    else:
        assert module.candidate == LIB
