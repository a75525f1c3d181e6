from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.errors import ManifestError
from analyzer.requirement import Force, Requirement
from analyzer.service import DependencySet
from resolvers.gradle.gather import GradleGatherer
from resolvers.gradle.groovy import read_groovy
from resolvers.gradle.kotlin import read_kotlin
from resolvers.seam import Gathered, Wish
from resolvers.tree import Tree
from tests.hostile import EXAMPLES

CASES = json.loads((Path(__file__).parents[3] / "fixtures/gradle/scripts.json").read_text())
BUILD = {"groovy": "build.gradle", "kotlin": "build.gradle.kts"}
WORDS = "dependencies implementation api if else for each it def val plugins ext configurations all force"
MARKS = "( ) { } [ ] ' , : ; . = $ ${ -> ?: + / 'g:a:1' [1,2) group: version // /* */ listOf project"
PIECES = [
    *WORDS.split(),
    *MARKS.split(),
    *('"', "'''", '"g:$v:1"', "\\", "\n", '"""'),
]


def gather(folder: Path, files: dict[str, str], directory: str = "") -> Gathered:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return GradleGatherer().gather(Tree(folder), directory, Wish())


def only(found: Gathered) -> DependencySet:
    (group,) = found.sets
    return group


def shown(requirement: Requirement) -> str:
    force = "" if requirement.force is Force.REQUIRES else f" {requirement.force.value}"
    extras = f" [{','.join(requirement.extras)}]" if requirement.extras else ""
    return f"{requirement.package.namespace}/{requirement.package.name} {requirement.constraint}{force}{extras}"


@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{c['language']}" for n, c in enumerate(CASES)])
def test_every_dependency_is_required_unknown_or_aside(case: dict[str, Any], tmp_path: Path) -> None:
    found = gather(tmp_path, {BUILD[case["language"]]: case["script"], **case["files"]})
    assert [shown(r) for r in only(found).requirements] == case["want"]
    assert bool(only(found).unknown) == bool(case["unknown"])
    assert all(BUILD[case["language"]] in reason or "project" in reason for reason in only(found).unknown)
    assert len(found.skipped) == case["skipped"]
    assert not any(skipped.incomplete for skipped in found.skipped)


@pytest.mark.parametrize(
    ("plugins", "bundled"),
    [
        ("id 'org.springframework.boot' version '3.1'", True),
        ("id 'application'", True),
        ("id('com.gradleup.shadow')", True),
        ("id 'com.google.cloud.tools.jib' version '3' apply false", False),
        ("id 'java'\nid 'war'", False),
        ("id 'war'\nid 'org.springframework.boot'", False),
        ("", False),
    ],
)
def test_a_plugin_says_whether_the_jars_are_the_services_own(plugins: str, bundled: bool, tmp_path: Path) -> None:
    assert only(gather(tmp_path, {"build.gradle": f"plugins {{\n{plugins}\n}}\n"})).bundled is bundled


MULTI = {
    "settings.gradle": "include ':app', 'lib'\nproject(':lib').projectDir = file('libraries/lib')\n",
    "build.gradle": "ext.v = '7'\nallprojects { dependencies { implementation 'g:every:1' } }\n"
    'subprojects { dependencies { implementation "g:sub:$v" } }\n'
    "project(':app') { dependencies { implementation 'g:mine:1' } }\n",
    "app/build.gradle": "plugins { id 'war' }\ndependencies { implementation project(':lib') }\n",
    "libraries/lib/build.gradle.kts": 'dependencies { api("g:inner:1") }\n',
}


def test_projects_of_one_build_are_joined(tmp_path: Path) -> None:
    group = only(gather(tmp_path, MULTI, "app"))
    assert [r.package.name for r in group.requirements] == ["every", "sub", "mine", "inner"]
    assert group.unknown == ()


def test_a_frame_is_no_service(tmp_path: Path) -> None:
    gather(tmp_path, MULTI)
    assert GradleGatherer().manifests(Tree(tmp_path), "") == ()
    assert [m.path for m in GradleGatherer().manifests(Tree(tmp_path), "app")] == ["app/build.gradle"]


LOCKS = {
    "gradle.lockfile": "# c\ng:a:1.2=compileClasspath,runtimeClasspath\ng:t:1=testRuntimeClasspath\nempty=api\n",
    "gradle/dependency-locks/runtimeClasspath.lockfile": "# c\ng:a:1.2\n",
    "dependencies.lock": '{"runtimeClasspath": {"g:a": {"locked": "1.2"}, "x:y": {"project": true}}, "test": {}}',
    "dependencies.txt": "runtimeClasspath - Runtime classpath.\n+--- g:a:1.0 -> 1.2\n|    \\--- g:a:1.2 (*)\n"
    "\\--- project :lib\n\ntest\n\\--- g:t:1\n",
}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_fixes_the_versions_of_the_runtime_class_path(name: str, tmp_path: Path) -> None:
    group = only(gather(tmp_path, {"build.gradle": "dependencies { implementation 'g:a:1.+' }", name: LOCKS[name]}))
    assert [f"{pin.candidate}" for pin in group.locked or ()] == ["a==1.2"]


@pytest.mark.parametrize("name", LOCKS)
@settings(max_examples=EXAMPLES, deadline=None)
@given(content=st.text(alphabet=st.sampled_from('g:a1.=,{}[]" \n+-\\|>runtimeClasspath'), max_size=80))
def test_a_hostile_lock_is_read_or_skipped(name: str, content: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    found = gather(tmp_path_factory.mktemp("lock"), {"build.gradle": "", name: content})
    assert found.sets and (found.skipped or only(found).locked is not None)


@settings(max_examples=EXAMPLES, deadline=None)
@given(content=st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join)))
def test_a_hostile_script_is_read_or_refused(content: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    for read in (read_groovy, read_kotlin):
        try:
            read(content, "build.gradle")
        except ManifestError as error:
            assert error.origin.file == "build.gradle"
    for name in BUILD.values():
        folder = tmp_path_factory.mktemp("script")
        folder.joinpath(name).write_bytes(content.encode("utf-8", "replace"))
        found = GradleGatherer().gather(Tree(folder), "", Wish())
        assert found.sets or found.skipped


@pytest.mark.parametrize("piece", ["{", "(", "[", "a {", "a(", "a.", "if (x) ", "a + ", "-", ".get()"])
def test_deep_nesting_is_refused_or_read(piece: str, tmp_path: Path) -> None:
    for name in BUILD.values():
        (tmp_path / "x").mkdir(exist_ok=True)
        found = gather(tmp_path, {f"{name}x/{name}": "implementation(a" + piece * 5000}, f"{name}x")
        assert found.sets or found.skipped


def test_a_build_put_in_a_modules_place_is_unknown(tmp_path: Path) -> None:
    files = {"build.gradle": "dependencies { implementation 'g:a:1' }", "settings.gradle": "includeBuild '../other'\n"}
    assert only(gather(tmp_path, files)).unknown == ("settings.gradle:1: may put another build in a module's place",)


def test_a_lock_of_another_configuration_is_no_lock(tmp_path: Path) -> None:
    found = gather(tmp_path, {"build.gradle": "", "gradle.lockfile": "g:a:1=compileClasspath\n"})
    assert only(found).locked is None
    assert [s.reason for s in found.skipped] == ["locks no runtime class path"]
