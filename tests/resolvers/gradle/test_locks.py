"""The locks of a project: which one counts, what it fixes, and whether it proves itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analyzer.service import DependencySet
from resolvers.seam import Gathered
from tests.resolvers.gradle.test_scripts import gather, only

BUILD = "dependencies { implementation 'g:a:1.+' }"
LOCKS = {
    "gradle.lockfile": "# c\ng:a:1.2=compileClasspath,runtimeClasspath\ng:t:1=testRuntimeClasspath\nempty=api\n",
    "gradle/dependency-locks/runtimeClasspath.lockfile": "# c\ng:a:1.2\n",
    "dependencies.lock": '{"runtimeClasspath": {"g:a": {"locked": "1.2"}, "x:y": {"project": true}}, "test": {}}',
    "dependencies.txt": "runtimeClasspath - Runtime classpath.\n+--- g:a:1.0 -> 1.2\n|    \\--- g:a:1.2 (*)\n"
    "\\--- project :lib\n\ntest\n\\--- g:t:1\n",
}


def locked(group: DependencySet) -> list[str] | None:
    return None if group.locked is None else [f"{p.candidate.package.name} {p.candidate.version}" for p in group.locked]


def refused(found: Gathered) -> list[str]:
    return [f"{s.origin}: {s.reason}" for s in found.skipped if s.incomplete]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_fixes_the_versions_of_the_runtime_class_path(name: str, tmp_path: Path) -> None:
    group = only(gather(tmp_path, {"build.gradle": BUILD, name: LOCKS[name]}))
    assert locked(group) == ["a 1.2"]
    assert group.closed == name.endswith(".lockfile")


def test_gradles_own_lock_comes_first(tmp_path: Path) -> None:
    group = only(gather(tmp_path, {"build.gradle": BUILD, **LOCKS, "gradle.lockfile": "g:a:1.9=runtimeClasspath\n"}))
    assert locked(group) == ["a 1.9"]


def test_a_lock_without_what_is_required_is_stale(tmp_path: Path) -> None:
    build = "dependencies { implementation 'g:a:1.+', 'g:new:1'\nimplementation platform('g:bom:1') }"
    assert not only(gather(tmp_path, {"build.gradle": build, "gradle.lockfile": LOCKS["gradle.lockfile"]})).closed


def test_a_platform_need_not_be_on_the_class_path(tmp_path: Path) -> None:
    build = "dependencies { implementation 'g:a:1.+'\nimplementation platform('g:bom:1') }"
    assert only(gather(tmp_path, {"build.gradle": build, "gradle.lockfile": LOCKS["gradle.lockfile"]})).closed


@pytest.mark.parametrize(
    "more",
    [
        "dependencyLocking { ignoredDependencies.add('com.example:*') }",
        "dependencyLocking { ignoredDependencies = ['com.example:*'] }",
        "dependencies { runtimeOnly files('lib/own.jar') }",
    ],
)
def test_a_lock_that_leaves_something_out_is_not_closed(more: str, tmp_path: Path) -> None:
    files = {"build.gradle": f"{BUILD}\n{more}", "gradle.lockfile": LOCKS["gradle.lockfile"]}
    assert not only(gather(tmp_path, files)).closed


def test_a_lock_of_another_configuration_is_no_lock(tmp_path: Path) -> None:
    found = gather(tmp_path, {"build.gradle": "", "gradle.lockfile": "g:a:1=compileClasspath\n"})
    assert only(found).locked is None
    assert refused(found) == ["gradle.lockfile: locks no runtime class path"]


def nebula(**groups: object) -> str:
    return json.dumps(groups)


OLD = {"g:a": {"locked": "1.2", "requested": "1.+"}, "g:b": {"locked": "2", "transitive": ["g:a"]}}
NEBULA = {
    nebula(runtimeClasspath=OLD, testRuntimeClasspath={"g:t": {"locked": "9"}}): ["a 1.2", "b 2"],
    nebula(default=OLD, testRuntime={"g:t": {"locked": "9"}}): ["a 1.2", "b 2"],
    nebula(runtime=OLD, compile={"g:a": {"locked": "1.1"}}): ["a 1.2", "b 2"],
    nebula(productionRuntimeClasspath=OLD): ["a 1.2", "b 2"],
    nebula(runtimeClasspath={"g:lib": {"project": True}, "g:a": {"locked": "1", "firstLevelTransitive": ["g:lib"]}}): [
        "a 1"
    ],
    nebula(runtimeClasspath={}): [],
}


@pytest.mark.parametrize("content", NEBULA)
def test_nebulas_locks_of_all_times(content: str, tmp_path: Path) -> None:
    assert locked(only(gather(tmp_path, {"build.gradle": "", "dependencies.lock": content}))) == NEBULA[content]


BROKEN = {
    "dependencies.lock": [
        ("[]", "is no table of configurations"),
        ('{"compile": {}}', "locks no runtime class path"),
        ('{"runtimeClasspath": {"g:a": "1"}}', "is no table"),
        ('{"runtimeClasspath": {"g:a": {}}}', "locks no version"),
        ('{"runtimeClasspath": {"g": {"locked": "1"}}}', "is no module with a version"),
    ],
    "gradle.lockfile": [
        ("g:a:1\n", "names no configuration"),
        ("g:a=runtimeClasspath\n", "is no module with a version"),
        ("", "locks no runtime class path"),
    ],
    "gradle/dependency-locks/runtimeClasspath.lockfile": [("g:a\n", "is no module with a version")],
    "dependencies.txt": [
        ("test\n\\--- g:a:1\n", "shows no runtime class path"),
        ("runtimeClasspath\n\\--- g:a:1 FAILED\n", "was not resolved"),
        ("runtimeClasspath\n\\--- g:a\n", "is no module with a version"),
    ],
}


@pytest.mark.parametrize(("name", "content", "reason"), [(n, *case) for n, cases in BROKEN.items() for case in cases])
def test_a_lock_that_cannot_be_read_is_told(name: str, content: str, reason: str, tmp_path: Path) -> None:
    found = gather(tmp_path, {"build.gradle": "", name: content})
    assert only(found).locked is None
    (told,) = refused(found)
    assert told.startswith(name) and told.endswith(reason)


OUTPUT = """
------------------------------------------------------------
Project ':app'
------------------------------------------------------------

compileClasspath - Compile classpath for source set 'main'.
\\--- g:only-compile:1

runtimeClasspath - Runtime classpath of source set 'main'.
+--- org.springframework.boot:spring-boot-dependencies:3.1.0
|    +--- g:managed:7 (c)
|    \\--- g:a:1.2 (c)
+--- g:a -> 1.2
|    +--- g:b:[1,2) -> 1.9
|    \\--- g:c:{strictly 3.0} -> 3.0
|         \\--- g:b:1.5 -> 1.9
+--- g:old:1 -> x:new:2
+--- project :lib
|    \\--- g:d:4
\\--- g:b:1.9 (*)

(c) - A dependency constraint, not a dependency.
(*) - Repeated occurrences of a transitive dependency subtree.

testRuntimeClasspath - Runtime classpath of source set 'test'.
\\--- junit:junit:4
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_output_of_gradle_dependencies(newline: str, tmp_path: Path) -> None:
    found = gather(tmp_path, {"build.gradle": "", "dependencies.txt": OUTPUT.replace("\n", newline)})
    wanted = {"a 1.2", "b 1.9", "c 3.0", "d 4", "spring-boot-dependencies 3.1.0", "new 2"}
    assert set(locked(only(found)) or []) == wanted
