"""What a repository says of itself in ``Release`` or ``InRelease`` (Debian's RepositoryFormat)."""

from __future__ import annotations

import re

import msgspec

from analyzer.errors import ManifestError
from analyzer.origin import Origin

RELEASE_LIMIT = 2**16
"""Bytes at the start of the file that hold what is read here; checksums follow."""
_FIELD = re.compile(
    r"^(Origin|Suite|Codename|Version|NotAutomatic|ButAutomaticUpgrades):[ \t]*(\S[^\n]*)$", re.MULTILINE
)
_CHECKSUMS = re.compile(r"^(?:MD5Sum|SHA1|SHA256|SHA512):", re.MULTILINE)
_NUMBER = re.compile(r"(\d+)(?:\.(\d+))?", re.ASCII)
_CODENAMES = {"buster": "10", "bullseye": "11", "bookworm": "12", "trixie": "13", "forky": "14", "sid": "sid"}
"""Debian's releases. What is not released yet has no number in its own file."""
_MINOR = frozenset({"ubuntu", "linuxmint"})
"""Distributions whose releases differ in the second number."""


class Release(msgspec.Struct, frozen=True):
    """Where packages come from. ``priority`` is the one that apt gives them (apt_preferences(5));
    ``distribution`` is ``debian:12``, empty where the file does not tell."""

    suite: str = ""
    codename: str = ""
    version: str = ""
    distribution: str = ""
    priority: int = 500

    def answers_to(self, name: str) -> bool:
        """Whether ``apt install package/name`` means this one."""
        return bool(name) and name in (self.suite, self.codename, self.version)


def parse_release(content: bytes, file: str) -> Release:
    """Raises ManifestError where the text is no such file."""
    text = content.decode("utf-8", "replace")
    head = _CHECKSUMS.split(text, maxsplit=1)[0]
    fields = {name: value.strip() for name, value in _FIELD.findall(head)}
    if not fields or not all(value.isprintable() for value in fields.values()):
        raise ManifestError(Origin(file), "is no Release file of a repository")
    version, codename = fields.get("Version", ""), fields.get("Codename", "")
    return Release(
        fields.get("Suite", ""), codename, version, _distribution(fields, version, codename), _priority(fields)
    )


def _priority(fields: dict[str, str]) -> int:
    if fields.get("NotAutomatic", "").lower() != "yes":
        return 500
    return 100 if fields.get("ButAutomaticUpgrades", "").lower() == "yes" else 1


def _distribution(fields: dict[str, str], version: str, codename: str) -> str:
    origin = fields.get("Origin", "").partition(" ")[0].lower()
    number = _NUMBER.match(version)
    if origin == "debian" and not number:
        version = _CODENAMES.get(codename.partition("-")[0], "")
        return f"debian:{version}" if version else ""
    if not re.fullmatch("[a-z]+", origin) or number is None:
        return ""
    return f"{origin}:{number[0]}" if origin in _MINOR else f"{origin}:{number[1]}"
