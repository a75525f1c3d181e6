"""Logins leave a URL as a header's value."""

from __future__ import annotations

import pytest

from resolvers.basic_authentication import without_login


@pytest.mark.parametrize(
    ("url", "public", "authorization"),
    [
        ("https://index.example/simple?a=1#b", "https://index.example/simple?a=1#b", ""),
        # The example of RFC 7617.
        ("https://Aladdin:open%20sesame@h.example:1/a", "https://h.example:1/a", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        ("https://token@h.example/a", "https://h.example/a", "Basic dG9rZW46"),
        ("https://u:p@ss@h.example/", "https://h.example/", "Basic dTpwQHNz"),
        ("https://@h.example/", "https://h.example/", "Basic Og=="),
    ],
)
def test_a_login_is_taken_from_a_url(url: str, public: str, authorization: str) -> None:
    assert without_login(url) == (public, authorization)
