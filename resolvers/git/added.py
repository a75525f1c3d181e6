"""``ADD https://…/repository.git#reference /place`` of a Dockerfile.

Source: docs.docker.com/reference/dockerfile, "ADD", and docs.docker.com/build/concepts/context, "URL fragments"
and "URL queries".
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qsl

from analyzer.service import Skipped
from resolvers.container.build import Added
from resolvers.git.clone_command import Clone
from resolvers.git.quotation import quoted
from resolvers.git.reference import DEFAULT, UNTOLD, is_commit, is_name
from resolvers.git.repository_url import URL_LIMIT, RepositoryUrlError, repository

_REPOSITORY = re.compile(r"(?:git|ssh)://|[^\s/@:]+@[^\s/:]+:|https?://[^?#]*\.git/?(?:[?#]|$)", re.IGNORECASE)
_NAMED = ("commit", "checksum", "tag", "branch", "ref")
"""Queries that say what is checked out, the surest first."""


def added_repository(added: Added) -> Clone | Skipped | None:
    """The clone that an ``ADD`` makes; None where it fetches something else, as an archive."""
    text = added.source.text
    if len(text) > URL_LIMIT or not _REPOSITORY.match(text):
        return None
    shown = f"ADD {quoted(text)}"
    if not added.source.known or not added.target:
        return Skipped(shown, "depends on what only a run tells", added.origin)
    address, _, fragment = text.partition("#")
    address, _, query = address.partition("?")
    try:
        package = repository(address)
    except RepositoryUrlError as error:
        return Skipped(shown, str(error), added.origin)
    named = dict(parse_qsl(query, max_num_fields=50))
    asked = next((named[key] for key in _NAMED if named.get(key)), "") or fragment.partition(":")[0]
    name, commit = _asked(added.checksum or asked)
    return Clone(package, name, commit, added.target, replace(added.origin, text=shown))


def _asked(text: str) -> tuple[str, str]:
    if is_commit(text.lower()):
        return "", text.lower()
    plain = text.removeprefix("refs/heads/").removeprefix("refs/tags/")
    return (plain if is_name(plain) else UNTOLD) if text else DEFAULT, ""
