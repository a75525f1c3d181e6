"""No login and no query of a URL is ever kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolvers.credentials import without_credentials


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("flask>=1 ; python_version < '3'", "flask>=1 ; python_version < '3'"),
        ("https://user:pw@host/a@b", "https://host/a@b"),
        ("https://token@host:8443/a", "https://host:8443/a"),
        ("https://user:p@ss@host/a", "https://host/a"),
        ("https://user:p/ss@host/a", "https://host/a"),
        ("https://user:p?ss@host/a", "https://host/a"),
        ("https://user:p#ss@host/a", "https://host/a"),
        ("https://host/a?token=pw&x=1#egg=b", "https://host/a#egg=b"),
        ("https://host?token=pw", "https://host"),
        ("https://host/a#egg=b?token=pw", "https://host/a#egg=b"),
        ("git+ssh://git@host:org/repo.git@v1", "git+ssh://host:org/repo.git@v1"),
        ("git+https://${USER}:${PW}@host/r@v1", "git+https://host/r@v1"),
        ("git@host:org/repo@v1", "git@host:org/repo@v1"),
        ("user:pw@host/simple", "host/simple"),
        (
            "-i 'https://u:pw@host/' --extra-index-url=https://v:pw@more/?k=pw",
            "-i 'https://host/' --extra-index-url=https://more/",
        ),
        ("a @ https://u:pw@h/x and b @ https://u:pw@h/y", "a @ https://h/x and b @ https://h/y"),
    ],
)
def test_the_rest_of_the_text_stays(text: str, kept: str) -> None:
    assert without_credentials(text) == kept


SECRETS = st.from_regex(r"S3CRET[!-~]{0,12}", fullmatch=True)


@given(SECRETS, st.sampled_from(["https://u:{}@host/a", "https://u:{}@host:80/a", "git+ssh://u:{}@host/a"]))
def test_no_login_survives_whatever_it_is_made_of(secret: str, url: str) -> None:
    assert "S3CRET" not in without_credentials(f"x @ {url.format(secret)} ; y")


@given(SECRETS, st.text(alphabet="ab/.-", max_size=8))
def test_no_query_survives(secret: str, path: str) -> None:
    assert "S3CRET" not in without_credentials(f"https://host/{path}?token={secret}")


@given(st.text())
def test_it_is_idempotent(text: str) -> None:
    once = without_credentials(text)
    assert without_credentials(once) == once
