from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.package import Package
from resolvers.git.repository_url import RepositoryUrlError, relative_to, repository, url_of
from tests.hostile import EXAMPLES

GEO = Package("git", "geo", "git.example/org")


@pytest.mark.parametrize(
    "url",
    [
        "https://git.example/org/geo",
        "https://git.example/org/geo.git",
        "https://git.example/org/geo.git/",
        "https://GIT.Example/org//geo/",
        "https://user:s3cret@git.example/org/geo.git",
        "https://git.example:8443/org/geo.git",
        "https://git.example/org/geo.git?token=s3cret",
        "https://git.example./org/geo",
        "HTTPS://git.example/org/geo",
        "git@git.example:org/geo.git",
        "git.example:org/geo",
        "git@git.example:/org/geo.git",
        "ssh://git@git.example/org/geo.git",
        "ssh://git@git.example:2222/org/geo",
        "git+ssh://git@git.example/org/geo",
        "git+https://git.example/org/geo.git",
    ],
)
def test_one_repository_is_one_package(url: str) -> None:
    assert repository(url) == GEO
    assert url_of(GEO) == "https://git.example/org/geo"


@pytest.mark.parametrize(
    "url",
    ["https://git.example/org/Geo", "https://git.example/geo", "https://other.example/org/geo", "/git.example/org/geo"],
)
def test_another_repository_is_another_package(url: str) -> None:
    assert repository(url) != GEO


def test_a_local_repository_has_no_host() -> None:
    assert (
        repository("file:///srv/mirror/geo.git") == repository("/srv/mirror/geo") == repository("/srv/mirror/geo/.git")
    )
    assert url_of(repository("/srv/mirror/geo")) == "file:///srv/mirror/geo"


@pytest.mark.parametrize(
    "url",
    [
        "", "geo", "./geo", "../geo", "git://git.example/org/geo", "http://git.example/org/geo", "ftp://git.example/x",
        "ext::sh -c touch% /tmp/x", "ext::sh", "https://", "https:///org/geo",
        "https://git.example", "https://git.example/",
        "https://git.example/../geo", "https://git.example/org/%2e%2e/geo", "https://git.example/org/..",
        "https://git.example/org\\geo", "https://git.example/.git", "https://[::1/geo", "git@git.example:../geo",
        "https://git.example/a b", "https://git.example/a\x1b[31m", "https://git.example/a%0ab",
        "file://elsewhere/srv/geo",
        "-oProxyCommand=x", "--upload-pack=x:y z", "https://-x.example/geo", "C:\\geo",
        "https://git.example/" + "x" * 5000,
    ],
)  # fmt: skip
def test_what_is_not_read_says_why(url: str) -> None:
    with pytest.raises(RepositoryUrlError) as caught:
        repository(url)
    assert str(caught.value)


def test_a_relative_url_is_seen_from_the_repository() -> None:
    assert relative_to(GEO, "../maps.git") == Package("git", "maps", "git.example/org")
    assert relative_to(GEO, "../../other/maps") == Package("git", "maps", "git.example/other")
    assert relative_to(GEO, "./inner") == Package("git", "inner", "git.example/org/geo")
    assert relative_to(repository("/srv/geo"), "../maps") == repository("/srv/maps")
    for path in ("../..", "../../../x", "../../../../etc"):
        with pytest.raises(RepositoryUrlError):
            relative_to(GEO, path)


@settings(max_examples=EXAMPLES)
@given(st.one_of(st.text(), st.text("htps:/@.git-[]%2e\\ 0#?").map(lambda rest: f"https://{rest}")))
def test_any_text_is_a_repository_or_refused(text: str) -> None:
    try:
        found = repository(text)
    except RepositoryUrlError:
        return
    assert found.name and ".." not in str(found).split("/") and "@" not in found.namespace.split("/")[0]
    assert repository(url_of(found)).namespace.split("/")[0] == found.namespace.split("/")[0]
