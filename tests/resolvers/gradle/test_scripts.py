from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from analyzer.requirement import Force, Requirement
from analyzer.service import DependencySet
from resolvers.container.gather import ImageGatherer
from resolvers.discovery import discover
from resolvers.gradle.build import build_of
from resolvers.gradle.gather import GradleGatherer
from resolvers.seam import Gathered, Wish
from resolvers.tree import Tree
from tests.resolvers.gradle.line_judge import dependency_lines, told_lines

CASES = json.loads((Path(__file__).parents[3] / "fixtures/gradle/scripts.json").read_text())
BUILD = {"groovy": "build.gradle", "kotlin": "build.gradle.kts"}


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


IDS = [f"{number}-{case['language']}" for number, case in enumerate(CASES)]


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_every_dependency_is_required_unknown_or_aside(case: dict[str, Any], tmp_path: Path) -> None:
    found = gather(tmp_path, files_of(case), case.get("directory", ""))
    assert [shown(r) for r in only(found).requirements] == case["want"]
    assert len(only(found).unknown) == case["unknown"]
    assert len(found.skipped) == case["skipped"]
    assert not any(skipped.incomplete for skipped in found.skipped)


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_no_line_that_looks_like_a_dependency_is_lost(case: dict[str, Any], tmp_path: Path) -> None:
    files = files_of(case)
    unknown = " ".join(only(gather(tmp_path, files, case.get("directory", ""))).unknown)
    build = build_of(Tree(tmp_path), case.get("directory", ""))
    folders = (case.get("directory", ""), build.root, *build.settings.projects.values())
    told = told_lines(build, dict.fromkeys(folders))
    # A script that is perhaps applied is told of where it is applied.
    own = {name: text for name, text in files.items() if f"apply from: '{name}'" not in unknown}
    scripts = {name: text for name, text in own.items() if name.endswith((".gradle", ".gradle.kts"))}
    looking = {(name, line) for name, text in scripts.items() for line in dependency_lines(text)}
    assert looking <= told


def test_the_shapes_have_lines_for_the_judge() -> None:
    lines = [line for case in CASES for line in dependency_lines(case["script"])]
    assert len(CASES) >= 220 and len(lines) >= 220


def files_of(case: dict[str, Any]) -> dict[str, str]:
    """The files of a shape: its script, in its own folder, and what lies around it."""
    directory = f"{case['directory']}/" if "directory" in case else ""
    return {f"{directory}{BUILD[case['language']]}": case["script"], **case["files"]}


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


@pytest.mark.parametrize("piece", ["{", "(", "[", "a {", "a(", "a.", "if (x) ", "a + ", "-", ".get()"])
def test_deep_nesting_is_refused_or_read(piece: str, tmp_path: Path) -> None:
    for name in BUILD.values():
        (tmp_path / "x").mkdir(exist_ok=True)
        found = gather(tmp_path, {f"{name}x/{name}": "implementation(a" + piece * 5000}, f"{name}x")
        assert found.sets or found.skipped


def test_a_build_put_in_a_modules_place_is_unknown(tmp_path: Path) -> None:
    files = {"build.gradle": "dependencies { implementation 'g:a:1' }", "settings.gradle": "includeBuild '../other'\n"}
    assert only(gather(tmp_path, files)).unknown == ("settings.gradle:1: may put another build in a module's place",)


FLEET = {
    "settings.gradle": "include 'web', 'worker', 'core', 'base', 'tool', 'boot'",
    "build.gradle": "subprojects { apply plugin: 'java' }",
    "web/build.gradle": "plugins { id 'application' }\ndependencies { implementation project(':core') }",
    "worker/build.gradle": "apply plugin: 'war'\ndependencies { compile project(':core'), project(':web') }",
    "core/build.gradle": "dependencies { api 'g:core:1'\napi project(':base') }",
    "base/build.gradle": "plugins { id 'java-library' }\ndependencies { api 'g:base:1' }",
    "tool/build.gradle": "dependencies { implementation 'g:tool:1' }",
    "boot/build.gradle": "apply plugin: 'org.springframework.boot'\nbootJar { enabled = false }\n",
}


def test_a_library_of_the_build_goes_into_who_joins_it(tmp_path: Path) -> None:
    only(gather(tmp_path, FLEET, "web"))
    found = discover(Tree(tmp_path), [GradleGatherer()])
    assert [service.directory for service in found.found] == ["boot", "tool", "web", "worker"]
    told = {skipped.what: skipped for skipped in found.skipped}
    assert told["core"].reason.startswith("is a library of :web and :worker;") and not told["core"].incomplete
    assert told["base"].reason.startswith("is a library of :core;")
    for directory in ("web", "worker"):
        names = {r.package.name for r in only(GradleGatherer().gather(Tree(tmp_path), directory, Wish())).requirements}
        assert names == {"core", "base"}


def test_a_library_may_be_listed_as_a_service(tmp_path: Path) -> None:
    gather(tmp_path, FLEET)
    found = discover(Tree(tmp_path), [GradleGatherer()], listed=["core"])
    assert "core" in [service.directory for service in found.found]
    (tmp_path / "base/Dockerfile").write_text("FROM debian:12\n")
    found = discover(Tree(tmp_path), [GradleGatherer(), ImageGatherer()])
    assert "base" in [service.directory for service in found.found]


@pytest.mark.parametrize(
    "script",
    [
        "bootJar { enabled = false }",
        "bootJar.enabled = false",
        "tasks.named('bootJar') { enabled = false }",
        "tasks.bootJar { it.enabled = false }",
    ],
)
def test_a_boot_jar_that_is_turned_off_makes_a_library(script: str, tmp_path: Path) -> None:
    files = {
        **FLEET,
        "boot/build.gradle": f"apply plugin: 'org.springframework.boot'\n{script}\n",
        "tool/build.gradle": "dependencies { implementation project(':boot') }",
    }
    gather(tmp_path, files)
    assert "boot" not in [service.directory for service in discover(Tree(tmp_path), [GradleGatherer()]).found]


def test_a_project_without_a_script_has_what_its_parents_say(tmp_path: Path) -> None:
    files = {
        "settings.gradle": "include 'app'",
        "build.gradle": "project(':app') { dependencies { implementation 'g:a:1' } }",
        "app/src/main/java/App.java": "class App {}",
    }
    assert [r.package.name for r in only(gather(tmp_path, files, "app")).requirements] == ["a"]
    found = discover(Tree(tmp_path), [GradleGatherer()])
    assert [service.evidence for service in found.found] == [("src/main (Gradle build)",)]


def test_a_script_may_be_called_like_its_project(tmp_path: Path) -> None:
    settings = "include 'app'\nrootProject.children.each { it.buildFileName = it.name + '.gradle' }"
    files = {"settings.gradle": settings, "app/app.gradle": "dependencies { implementation 'g:a:1' }"}
    assert [r.package.name for r in only(gather(tmp_path, files, "app")).requirements] == ["a"]


def test_a_folder_that_is_not_included_is_a_build_of_its_own(tmp_path: Path) -> None:
    files = {
        "settings.gradle": "include 'app'",
        "build.gradle": "allprojects { dependencies { implementation 'g:every:1' } }",
        "aside/build.gradle": "dependencies { implementation 'g:a:1' }",
    }
    assert [r.package.name for r in only(gather(tmp_path, files, "aside")).requirements] == ["a"]
