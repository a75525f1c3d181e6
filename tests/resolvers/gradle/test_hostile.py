"""Each reader of a build's files on hostile input: it reads, or refuses with a place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzer.errors import ManifestError
from resolvers.gradle import lockfile
from resolvers.gradle.catalog import read_catalog
from resolvers.gradle.gather import GradleGatherer
from resolvers.gradle.java_demand import java_demand
from resolvers.gradle.project import read_script
from resolvers.gradle.settings import read_settings
from resolvers.seam import Wish
from resolvers.tree import Tree
from tests.hostile import EXAMPLES

WORDS = """
    dependencies implementation api testImplementation if else for each forEach it def val plugins id alias ext extra
    configurations all force exclude extendsFrom creating by project projects rootProject subprojects allprojects
    configure platform constraints dependencyManagement mavenBom sourceSets commonMain kotlin java toolchain
    languageVersion sourceCompatibility JavaLanguageVersion.of include includeBuild versionCatalogs create library
    bundle version libs libs.a.get listOf mapOf to apply from new return
"""
MARKS = "( ) { } [ ] ' , : ; . = += $ ${ -> ?: *. + / < > 'g:a:1' [1,2) group: // /* */ 1.8 17 :a 'a'"
SCRIPT = [*WORDS.split(), *MARKS.split(), '"', "'''", '"g:$v:1"', "\\", "\n", '"""']
IN_CATALOGS = """
    [versions] [libraries] [bundles] [plugins] a b = . { } [ ] , strictly prefer reject rejectAll require
    ref module group name id version true 1 "1" "g:a:1" "g:a" "[1,2)" "" "a"
"""
IN_LOCKS = r"""
    g:a:1 = , empty # runtimeClasspath testRuntimeClasspath { } [ ] : locked project transitive true null
    "runtimeClasspath" "g:a" "locked" "1" "project" +--- \--- | -> (*) (c) FAILED {strictly
"""
TOML = [*IN_CATALOGS.split(), "\n"]
LOCK = [*IN_LOCKS.split(), "\n", "   ", "runtimeClasspath - x.", "1.0", "project :a"]

Reader = Callable[[Tree, str], object]


def whole_project(tree: Tree, path: str) -> object:
    """What the gatherers make of a script, which never raise."""
    found = GradleGatherer().gather(tree, "", Wish())
    assert found.sets or found.skipped
    return java_demand(tree, "")


READERS: dict[str, tuple[str, list[str], Reader]] = {
    "groovy": ("build.gradle", SCRIPT, read_script),
    "kotlin": ("build.gradle.kts", SCRIPT, read_script),
    "groovy project": ("build.gradle", SCRIPT, whole_project),
    "kotlin project": ("build.gradle.kts", SCRIPT, whole_project),
    "groovy settings": ("settings.gradle", SCRIPT, lambda tree, _: read_settings(tree, "")),
    "kotlin settings": ("settings.gradle.kts", SCRIPT, lambda tree, _: read_settings(tree, "")),
    "catalog": ("gradle/libs.versions.toml", TOML, read_catalog),
    "lock file": ("gradle.lockfile", LOCK, lockfile.read_lockfile),
    "old lock": ("gradle/dependency-locks/runtimeClasspath.lockfile", LOCK, lockfile.read_old_lockfile),
    "nebula": ("dependencies.lock", LOCK, lockfile.read_nebula),
    "output": ("dependencies.txt", LOCK, lockfile.read_output),
}


@pytest.fixture(params=READERS)
def reading(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Tree]]:
    (tmp_path / READERS[request.param][0]).parent.mkdir(parents=True, exist_ok=True)
    yield request.param, Tree(tmp_path)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_hostile_content_is_read_or_refused(reading: tuple[str, Tree], data: st.DataObject) -> None:
    name, tree = reading
    path, pieces, read = READERS[name]
    words = st.lists(st.sampled_from(pieces), max_size=60)
    content = data.draw(st.one_of(st.text(max_size=200), words.map(" ".join), words.map("".join)))
    tree.root.joinpath(path).write_bytes(content.encode("utf-8", "replace"))
    try:
        read(tree, path)
    except ManifestError as error:
        assert error.reason and error.origin.file
