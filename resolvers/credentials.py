"""What may be kept of a URL that someone wrote into a manifest."""

from __future__ import annotations

import re

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*://)(\S+)")
_BARE_LOGIN = re.compile(r"(?<![^\s\"'=+])[^\s:/@\"'=]+:[^\s/@]+@(?=[^\s@])")
_QUERY = re.compile(r"\?[^#]*")
_AUTHORITY = re.compile(r"[^/?#]*")
_SPOILT_PORT = re.compile(r":(?=.)(?!\d+$)")


def without_credentials(text: str) -> str:
    """``text`` with the user, password and query string of every URL in it removed.

    A user name alone can be a token and any query parameter a secret, so all of them go.
    """
    return _BARE_LOGIN.sub("", _URL.sub(_public_url, text))


def _public_url(match: re.Match[str]) -> str:
    scheme, rest = match.groups()
    authority = _AUTHORITY.match(rest)
    end = authority.end() if authority else 0
    login, at, host = rest[:end].rpartition("@")
    if "@" in rest and _SPOILT_PORT.search(host) and (not at or ":" in login):
        # A password with an unescaped "/", "?" or "#" ends at the last "@", whatever RFC 3986 says.
        return scheme + _QUERY.sub("", rest.rpartition("@")[2])
    return scheme + host + _QUERY.sub("", rest[end:])
