"""The build that a replay writes says what the services say: our own reader of Gradle builds is the judge."""

from __future__ import annotations

import shlex
import string
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.origin import Origin
from analyzer.package import Package
from analyzer.requirement import Force, Requirement
from resolvers.gradle.gather import GradleGatherer
from resolvers.maven.replay import FOLDER, build, project_names, replay
from resolvers.seam import Wish
from resolvers.tree import Tree
from tests.hostile import EXAMPLES

WORDS = st.text(string.ascii_letters + string.digits + "_-.", min_size=1, max_size=8).filter(lambda t: t.strip("-."))
PACKAGES = st.builds(lambda group, name: Package("maven", name, group), WORDS, WORDS)
# A lone underscore is refreshVersions' word for "another file knows".
VERSIONS = st.text(string.ascii_letters + string.digits + ".-_$'\"", min_size=1, max_size=8).filter(lambda v: v != "_")
CONSTRAINTS = st.one_of(
    VERSIONS,
    st.just("[1.0,2.0)"),
    VERSIONS.map(lambda version: f"strictly {version}"),
    st.tuples(VERSIONS, VERSIONS).map(lambda pair: f"strictly {pair[0]}; reject {pair[1]}"),
)
EXCLUDED = st.lists(st.builds(lambda g, n: f"exclude {g}:{n}", WORDS, st.one_of(WORDS, st.just("*"))), max_size=2)
REQUIREMENTS = st.one_of(
    st.builds(lambda p, c, e: Requirement(p, c, Origin(""), tuple(dict.fromkeys(e))), PACKAGES, CONSTRAINTS, EXCLUDED),
    st.builds(lambda p, v: Requirement(p, v, Origin(""), force=Force.LIMITS), PACKAGES, VERSIONS),
    st.builds(lambda p, v: Requirement(p, v, Origin(""), ("platform",), Force.LIMITS), PACKAGES, VERSIONS),
    st.builds(lambda p, v: Requirement(p, v, Origin(""), force=Force.OVERRIDES), PACKAGES, VERSIONS),
)


def read(folder: Path, service: str) -> set[Requirement]:
    (found,) = GradleGatherer().gather(Tree(folder), service, Wish()).sets
    assert found.unknown == ()
    return {replace(requirement, origin=Origin("")) for requirement in found.requirements}


def write(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(REQUIREMENTS, min_size=1, max_size=4))
def test_the_build_asks_for_the_same(tmp_path_factory: object, requirements: list[Requirement]) -> None:
    folder = Path(tmp_path_factory.mktemp("clash"))  # type: ignore[attr-defined]
    lines = build({"a b/'x": requirements, "other": ()}, ["https://u:secret@repo.example/maven2"])
    assert "secret" not in "\n".join(lines)
    write(folder, {"settings.gradle": 'include("a-b-x", "other")', "build.gradle": "\n".join(lines)})
    write(folder, {"a-b-x/build.gradle": ""})
    assert read(folder, "a-b-x") == set(requirements)


def test_services_get_names_of_their_own() -> None:
    assert list(project_names({"a/b": (), "a b": (), "--": (), "é": ()}).values()) == [
        "a-b",
        "service2",
        "service3",
        "service4",
    ]


def test_the_command_is_three_steps_and_a_question() -> None:
    pin = Requirement(Package("maven", "guava", "com.google.guava"), "==20.0", Origin("a/gradle.lockfile", 3))
    command = replay(pin.package, {"a": [pin], "$(b)": [pin]}, [])
    words = shlex.split(command)
    assert words[:4] == ["mkdir", "-p", "--", FOLDER]
    assert 'implementation "com.google.guava:guava:20.0"' in words
    asked = "--dependency=com.google.guava:guava"
    assert words[-3:] == ["dependencyInsight", "--configuration=runtimeClasspath", asked]
    assert "$(b)" not in command
