"""One place, one Source, however it is spelled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.requirement import Source
from resolvers.pip.requirements.direct_reference import (
    implied_by_wheel,
    is_folder,
    read_reference,
    repository,
    vcs_source,
)

HERE = Origin("svc/requirements.txt", 4)


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/org/repo",
        "https://github.com/org/repo.git",
        "https://GitHub.com:443/org/repo.git/",
        "http://github.com:80//org/repo",
        "https://user:secret@github.com/org/repo?token=secret#egg=x",
        "ssh://git@github.com/org/repo.git",
        "ssh://git@github.com:22/org/repo.git",
        "ssh://git@github.com:org/repo.git",
        "git@github.com:org/repo.git",
        "git@github.com:/org/repo",
        "git://github.com/org/repo",
        "https://github.com./org/%72epo.git",
    ],
)
def test_the_forms_of_a_repository_are_one_location(url: str) -> None:
    assert repository(url) == "github.com/org/repo"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://github.com/org/repo", "https://github.com/org/Repo"),
        ("https://git.example/org/repo", "https://git.example:8443/org/repo"),
        ("https://git.example/org/repo", "https://mirror.example/org/repo"),
        ("file:///org/repo", "https://org/repo"),
    ],
)
def test_different_repositories_stay_different(one: str, other: str) -> None:
    assert repository(one) != repository(other)


@given(st.from_regex(r"[a-z][a-z0-9]{0,8}(/[A-Za-z0-9_.-]{1,8}){1,3}", fullmatch=True))
def test_a_location_is_its_own_location(path: str) -> None:
    once = repository(f"https://{path}")
    assert repository(f"https://{once}") == once or once.endswith(".git")


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("git+https://h.example/r@v1@v2", Source("git", "h.example/r@v1", "v2")),
        ("git+https://h.example/r@feature%2Fx", Source("git", "h.example/r", "feature/x")),
        ("git+https://h.example/r#subdirectory=./a//b/", Source("git", "h.example/r#subdirectory=a/b")),
        ("ssh://git@h.example/r", Source("git", "h.example/r")),
        ("https://h.example/a.zip#md5=00112233", Source("url", "https://h.example/a.zip", "md5:00112233")),
        ("http://h.example:8080/a.zip", Source("url", "http://h.example:8080/a.zip")),
        ("https://[2001:db8::1]:444/a.zip", Source("url", "https://[2001:db8::1]:444/a.zip")),
        ("file:../lib", Source("path", "lib")),
        ("file:///${PROJECT_ROOT}/lib", Source("path", "svc/lib")),
        ("file:a%20b", Source("path", "svc/a b")),
        ("..", Source("path", "")),
        ("./", Source("path", "svc")),
    ],
)
def test_a_reference_is_read_as_its_source(text: str, source: Source) -> None:
    assert read_reference(text, HERE).source == source


def test_a_path_starts_in_the_folder_that_is_given() -> None:
    assert read_reference("lib", HERE, "a/b").source == Source("path", "a/b/lib")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("git+https://[::1/r", "malformed"),
        ("git+https://h.example:x/r", "malformed"),
        ("https://h.example:99999/a.zip", "malformed"),
        ("git+https:///r", "names no repository"),
        ("git+https://h.example/", "names no repository"),
        ("git+https://h.example/@v1", "names no repository"),
        ("git+sftp://h.example/r", "the scheme git+sftp"),
        ("gopher://h.example/a.zip", "the scheme gopher"),
        ("javascript:alert(1)", "the scheme javascript"),
        ("https:///a.zip", "names no host"),
        ("https://h.example/a b.zip", "holds a blank"),
        ("https://h.example/\x1b.zip", "holds a blank"),
        ("https://h.example/a.whl", "whose file name is none"),
        ("https://h.example/a-" + "1" * 5000 + "-py3-none-any.whl", "whose file name is none"),
        ("https://h.example/a.zip#egg=-", "no distribution name"),
        ("../../lib", "leads out of the audited folder"),
        ("/srv/lib", "is an absolute path"),
        ("file:///srv/lib", "is an absolute path"),
        ("file://nas.example/lib", "another host"),
        ("..\\lib", "no path"),
        ("x" * 5000, "no path"),
        ("", "no path"),
    ],
)
def test_what_nobody_may_follow_is_refused_at_its_place(text: str, reason: str) -> None:
    with pytest.raises(ManifestError) as error:
        read_reference(text, HERE)
    assert error.value.origin == HERE
    assert reason in error.value.reason


@given(st.one_of(st.text(), st.text(alphabet="git+hps:/@#?.[]%=&egaw{}$\\ \t-1")))
def test_any_text_is_a_reference_or_refused(text: str) -> None:
    try:
        reference = read_reference(text, HERE)
    except ManifestError as error:
        assert error.origin == HERE
    else:
        assert reference.source.kind in {"git", "hg", "svn", "bzr", "url", "path"}


def test_a_source_made_from_the_parts_of_a_lock_equals_the_one_from_a_url() -> None:
    parts = vcs_source("git", "git@h.example:org/repo.git", "v1", "python")
    assert parts == read_reference("git+https://h.example/org/repo@v1#subdirectory=python", HERE).source


def test_a_wheel_is_named_by_the_binary_distribution_format() -> None:
    assert implied_by_wheel("Flask_Login-1.0.0-1-py2.py3-none-any.whl") == ("flask-login", "1.0.0")
    with pytest.raises(ValueError, match="not named"):
        implied_by_wheel("flask-1.0.whl")


@pytest.mark.parametrize(
    ("source", "expected"),
    [(Source("path", "lib"), True), (Source("path", "a.whl"), False), (Source("git", "h/lib"), False)],
)
def test_only_a_folder_of_the_tree_can_be_looked_into(source: Source, expected: bool) -> None:
    assert is_folder(source) is expected
