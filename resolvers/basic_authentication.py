"""Logins that stand in URLs, for the Basic authentication scheme of HTTP (RFC 7617)."""

from __future__ import annotations

import base64
from urllib.parse import unquote, urlsplit, urlunsplit


def without_login(url: str) -> tuple[str, str]:
    """A URL without user and password, and these as an Authorization header's value; empty where it has none.

    Raises ValueError for a malformed URL.
    """
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    if not at:
        return url, ""
    name, _, password = user.partition(":")
    token = base64.b64encode(f"{unquote(name)}:{unquote(password)}".encode()).decode()
    return urlunsplit(parts._replace(netloc=host)), f"Basic {token}"
