from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.container.containerfile import read_build
from resolvers.git.added import added_repository
from resolvers.git.clone_command import Clone, Clones, clones_of
from resolvers.tree import Tree
from tests.hostile import EXAMPLES
from tests.resolvers.git.made import A, B

URL = "https://git.example/org/geo.git"


def followed(folder: Path, dockerfile: str) -> Clones:
    (folder / "Dockerfile").write_text(f"FROM debian:12\n{dockerfile}\n")
    return clones_of(read_build(Tree(folder), "Dockerfile", "").commands)


def shown(clone: Clone) -> str:
    what = clone.name or clone.commit
    return f"{'perhaps ' if clone.perhaps else ''}{clone.package and clone.package.name} {what} {clone.place}"


LEFT: dict[str, tuple[str, list[str]]] = {
    "default branch": (f"RUN git clone {URL}", ["geo HEAD /geo"]),
    "branch and depth": (f"RUN git clone --depth 1 -b v1.2 {URL} /opt/geo", ["geo v1.2 /opt/geo"]),
    "long options": (f"RUN git clone --branch=v1.2 --recurse-submodules --single-branch {URL}", ["geo v1.2 /geo"]),
    "attached value": (f"RUN git clone -bv1.2 --config a.b=c -c d.e=f {URL}", ["geo v1.2 /geo"]),
    "a branch of digits is no commit": (f"RUN git clone -b {A[:8]} {URL}", [f"geo {A[:8]} /geo"]),
    "revision": (f"RUN git clone --revision={A} {URL}", [f"geo {A} /geo"]),
    "two dashes": (f"RUN git clone -b v1 -- {URL} /x", ["geo v1 /x"]),
    "cd and checkout": (f"RUN git clone {URL} /opt/geo && cd /opt/geo && git checkout -q {A}", [f"geo {A} /opt/geo"]),
    "WORKDIR": (f"WORKDIR /opt\nRUN git clone {URL}\nWORKDIR geo\nRUN git reset --hard {A}", [f"geo {A} /opt/geo"]),
    "-C": (f"RUN git clone {URL} /opt/geo; git -C /opt/geo checkout --detach v2", ["geo v2 /opt/geo"]),
    "-C from a directory": (f"RUN cd /opt && git clone {URL} && git -C geo switch -d v2", ["geo v2 /opt/geo"]),
    "in a folder of it": (f"RUN git clone {URL} && cd geo/src && git checkout v2", ["geo v2 /geo"]),
    "origin/": (f"RUN git clone {URL} && cd geo && git checkout -b own origin/next", ["geo next /geo"]),
    "tags/": (f"RUN git clone {URL} && cd geo && git checkout tags/v3 -b own", ["geo v3 /geo"]),
    "peeled": (f"RUN git clone {URL} && cd geo && git checkout 'v3^{{commit}}'", ["geo v3 /geo"]),
    "ancestors": (f"RUN git clone {URL} && cd geo && git checkout v3~2", ["geo (unknown) /geo"]),
    "a file": (f"RUN git clone -b v1 {URL} && cd geo && git checkout v2 -- README && git checkout .", ["geo v1 /geo"]),
    "another repository": (
        f"RUN git clone {URL} && git clone https://git.example/org/maps && cd maps && git checkout {B}",
        ["geo HEAD /geo", f"maps {B} /maps"],
    ),
    "fetched": (
        f"RUN mkdir /src && cd /src && git init && git remote add origin {URL} \\\n"
        f" && git fetch --depth 1 origin {A} && git checkout FETCH_HEAD",
        [f"geo {A} /src"],
    ),
    "fetched by URL": (f"RUN git init /x && cd /x && git fetch {URL} v2 && git reset --hard FETCH_HEAD", ["geo v2 /x"]),
    "merged": (f"RUN git clone -b v1 {URL} && cd geo && git merge origin/fix", ["geo (unknown) /geo"]),
    "removed": (f"RUN git clone {URL} && cd geo && make install && cd .. && rm -rf geo", []),
    "removed later": (f"RUN git clone {URL} /tmp/geo\nRUN rm -rf /tmp/*", []),
    "removed above": (f"RUN git clone {URL} /tmp/a/geo\nRUN rm -r -f /tmp/a /var/lib/apt/lists/*", []),
    "another one removed": (f"RUN git clone {URL} /opt/geo\nRUN rm -rf /opt/geo/.git /opt/ge", ["geo HEAD /opt/geo"]),
    "a file removed": (f"RUN git clone {URL} /opt/geo\nRUN rm -f /opt/geo", ["geo HEAD /opt/geo"]),
    "perhaps removed": (f"RUN git clone {URL} && if [ -n \"$X\" ]; then rm -rf /geo; fi", ["perhaps geo HEAD /geo"]),
    "moved": (f"RUN git clone -b v1 {URL} && mv geo /opt/", ["geo v1 /opt/geo"]),
    "renamed": (f"RUN git clone -b v1 {URL} && mv geo /opt/maps", ["geo v1 /opt/maps"]),
    "cloned again": (f"RUN git clone -b v1 {URL} && rm -rf geo && git clone -b v2 {URL}", ["geo v2 /geo"]),
    "a condition": (f"RUN if [ -n \"$X\" ]; then git clone -b v1 {URL}; fi", ["perhaps geo v1 /geo"]),
    "a condition on the reference": (
        f"RUN git clone -b v1 {URL} && cd geo && if [ -n \"$X\" ]; then git checkout v2; fi",
        ["geo (unknown) /geo"],
    ),
    "a known variable": (f"ARG REF=v4\nRUN git clone -b $REF {URL}", ["geo v4 /geo"]),
    "an unknown variable": (f"ARG REF\nRUN git clone -b $REF {URL} && cd geo && git checkout v2", ["geo v2 /geo"]),
    "an unknown reference": (f"ARG REF\nRUN git clone {URL} && cd geo && git checkout $REF", ["geo (unknown) /geo"]),
    "an unknown directory": (
        f"RUN d=$(mktemp -d) && git clone {URL} $d && cd $d && git checkout {A}",
        [f"geo {A} /geo"],
    ),
    "checkout in an unknown directory": (
        f"RUN git clone -b v1 {URL} /opt/geo && cd $APP && git checkout {A}",
        ["geo (unknown) /opt/geo"],
    ),
    "checkout behind unknown cd": (f"RUN cd $APP && git clone {URL} && cd geo && git checkout {A}", [f"geo {A} geo"]),
    "an unknown directory removed": (f"RUN d=$(mktemp -d) && git clone {URL} \"$d\" && rm -rf \"$d\"", []),
    "in an unknown directory": (f"RUN cd $(mktemp -d) && git clone {URL} && rm -rf geo", []),
    "pushd": (f"RUN git clone -b v1 {URL} && pushd geo && git checkout v2 && popd && git checkout v3", ["geo v2 /geo"]),
    "sudo and prefixes": (f"RUN sudo -u app env X=1 git -c http.x=y clone -b v1 {URL}", ["geo v1 /geo"]),
    "no clone": ("RUN git config --global x y && git --version && git status", []),
    "checkout of what was copied": (f"RUN cd /app && git checkout {A}", []),
}  # fmt: skip


@pytest.mark.parametrize(("dockerfile", "left"), LEFT.values(), ids=LEFT)
def test_what_commands_leave(tmp_path: Path, dockerfile: str, left: list[str]) -> None:
    found = followed(tmp_path, dockerfile)
    assert [shown(clone) for clone in found.at.values()] == left
    assert not found.skipped


@pytest.mark.parametrize(
    ("line", "what", "incomplete"),
    [
        ("git clone $URL", "git clone $URL", True),
        ("git clone git://git.example/org/geo", "git clone git://git.example/org/geo", True),
        ("git clone https://u:s3cret@git.example/a/../../b", "git clone https://git.example/a/../../b", True),
        (f"git clone --mirror {URL}", f"git clone {URL}", False),
        ("git clone", "git clone ", True),
    ],
)
def test_what_is_not_followed_is_told(tmp_path: Path, line: str, what: str, incomplete: bool) -> None:
    found = followed(tmp_path, f"RUN {line}")
    assert not found.at
    assert [(s.what, s.incomplete, s.origin.line) for s in found.skipped] == [(what, incomplete, 2)]


def test_the_line_is_the_one_that_names_the_reference(tmp_path: Path) -> None:
    found = followed(
        tmp_path, f"RUN git clone https://u:s3cret@git.example/org/geo.git \\\n && cd geo \\\n && git checkout {A}"
    )
    (clone,) = found.at.values()
    assert (clone.origin.line, clone.origin.text) == (4, f"git checkout {A}")
    (plain,) = followed(tmp_path, "RUN git clone -b v1 https://u:s3cret@git.example/org/geo.git").at.values()
    assert (plain.origin.line, plain.origin.text) == (2, "git clone -b v1 https://git.example/org/geo.git")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"ADD {URL}#v1.2 /opt/geo", "geo v1.2 /opt/geo"),
        (f"ADD --keep-git-dir=true {URL}#{A} geo", f"geo {A} /opt/geo"),
        (f"ADD {URL} /opt/geo/", "geo HEAD /opt/geo"),
        (f"ADD {URL}#v1:docs /opt/geo", "geo v1 /opt/geo"),
        (f"ADD {URL}?tag=v1&subdir=docs /opt/geo", "geo v1 /opt/geo"),
        (f"ADD {URL}?ref=v1&commit={A} /opt/geo", f"geo {A} /opt/geo"),
        (f"ADD --checksum={A} {URL}#v1 /opt/geo", f"geo {A} /opt/geo"),
        ("ADD git@git.example:org/geo.git#main /opt/geo", "geo main /opt/geo"),
        (f"ARG V=9\nADD {URL}#v$V /opt/geo", "geo v9 /opt/geo"),
    ],
)
def test_add_of_a_repository(tmp_path: Path, line: str, expected: str) -> None:
    (tmp_path / "Dockerfile").write_text(f"FROM debian:12\nWORKDIR /opt\n{line}\n")
    (added,) = read_build(Tree(tmp_path), "Dockerfile", "").added
    found = added_repository(added)
    assert isinstance(found, Clone)
    assert shown(found) == expected


@pytest.mark.parametrize("line", ["ADD https://files.example/x.tar.gz /x", "ADD app.git /x", "COPY https://x/y.git /x"])
def test_add_of_something_else(tmp_path: Path, line: str) -> None:
    (tmp_path / "Dockerfile").write_text(f"FROM debian:12\n{line}\n")
    assert not [a for a in read_build(Tree(tmp_path), "Dockerfile", "").added if added_repository(a)]


words = st.sampled_from(
    ["git", "clone", "checkout", "-C", "-b", "--", "$X", URL, A, "FETCH_HEAD", "fetch", "init", "/x", "..", "&&", ";",
     "cd", "rm", "-rf", "mv", "pushd", "popd", "remote", "add", "origin", "*", "'", "[", "~", "\\"]
)  # fmt: skip


@settings(max_examples=EXAMPLES)
@given(st.lists(words, max_size=30))
def test_any_commands_are_followed(tmp_path_factory: pytest.TempPathFactory, line: list[str]) -> None:
    found = followed(tmp_path_factory.mktemp("any"), f"RUN {' '.join(line)}")
    assert all(place == clone.place for place, clone in found.at.items())
