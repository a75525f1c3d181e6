"""Asks git servers for commits, with ``git ls-remote`` (git-ls-remote(1)).

git works in an empty folder, with none of the user's or the system's configuration and no terminal, and over the
named protocols only, so that no hook, helper or alias of anybody's runs. Names and URLs are checked before they
become arguments.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from threading import Timer

from analyzer.package import Package
from resolvers.git.quotation import quoted
from resolvers.git.reference import DEFAULT, is_commit, is_name
from resolvers.git.remotes import UnansweredError
from resolvers.git.repository_url import url_of

OUTPUT_LIMIT = 2**20
"""Bytes of an answer that are read."""
NAMES_LIMIT = 200
"""References of one repository that are asked for."""

_KEPT = (
    "PATH", "SSH_AUTH_SOCK", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO",
    "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY",
)  # fmt: skip
"""Variables that say how this machine reaches others."""
_SSH = "ssh -oBatchMode=yes -oConnectTimeout=10 -oStrictHostKeyChecking=yes -oForwardAgent=no -oPermitLocalCommand=no"
_LINE = re.compile(r"([0-9a-f]{40}|[0-9a-f]{64})\t(\S+)")
_PEELED = "^{}"


@dataclass(frozen=True, slots=True)
class Servers:
    """The servers that repositories are named after, over https and then ssh. A repository on this machine
    (``file:``) is asked only where ``protocols`` has ``file``. ``seconds`` is what one question may take."""

    seconds: float = 30.0
    protocols: tuple[str, ...] = ("https", "ssh")

    def commits(self, repository: Package, names: Collection[str]) -> Mapping[str, str]:
        """As ``Remotes``."""
        urls = tuple(_urls(repository, self.protocols))
        if not urls:
            raise UnansweredError(f"only {' and '.join(self.protocols)} servers are asked")
        if which("git") is None:
            raise UnansweredError("git is not installed, so that its server cannot be asked")
        asked = [name for name in sorted(names) if is_name(name) and not name.startswith("refs/")][:NAMES_LIMIT]
        reasons = []
        for url in urls:
            try:
                return _meant(_parsed(self._listed(url, asked)), asked)
            except UnansweredError as error:
                reasons.append(f"{url}: {error}")
        raise UnansweredError("; ".join(reasons))

    def _listed(self, url: str, names: Sequence[str]) -> str:
        patterns = [pattern for name in names for pattern in _patterns(name)]
        with tempfile.TemporaryDirectory(prefix="cohabit-") as folder:
            command = ["git", "-c", "http.followRedirects=initial", "ls-remote", "--quiet", "--", url, *patterns]
            return _output(command, folder, _environment(folder, self.protocols), self.seconds)


def _urls(repository: Package, protocols: Collection[str]) -> Iterator[str]:
    url = url_of(repository)
    protocol, _, place = url.partition("://")
    if protocol in protocols:
        yield url
    if protocol == "https" and "ssh" in protocols:
        yield f"ssh://git@{place}"


def _patterns(name: str) -> tuple[str, ...]:
    """What ls-remote matches from the end of a reference's name on."""
    return (name,) if name == DEFAULT else (f"refs/heads/{name}", f"refs/tags/{name}", f"refs/tags/{name}{_PEELED}")


def _parsed(output: str) -> Mapping[str, str]:
    lines = (_LINE.fullmatch(line) for line in output.split("\n"))
    return {found[2]: found[1] for found in lines if found and is_commit(found[1])}


def _meant(references: Mapping[str, str], names: Collection[str]) -> Mapping[str, str]:
    """What a name stands for; nothing where a branch and a tag have it and differ."""
    found: dict[str, str] = {}
    for name in names:
        branch = references.get(DEFAULT if name == DEFAULT else f"refs/heads/{name}", "")
        tag = references.get(f"refs/tags/{name}{_PEELED}") or references.get(f"refs/tags/{name}", "")
        if len(commits := {branch, tag} - {""}) == 1:
            found[name] = commits.pop()
    return found


def _environment(folder: str, protocols: Collection[str]) -> Mapping[str, str]:
    kept = {name: value for name in _KEPT if (value := os.environ.get(name))}
    return kept | {
        "HOME": folder,
        "XDG_CONFIG_HOME": folder,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_CEILING_DIRECTORIES": str(Path(folder).parent),
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "",
        "SSH_ASKPASS": "",
        "GIT_ALLOW_PROTOCOL": ":".join(sorted(protocols)),
        "GIT_SSH_COMMAND": _SSH,
        "GIT_SSH_VARIANT": "ssh",
        "LC_ALL": "C",
    }


def _output(command: Sequence[str], folder: str, environment: Mapping[str, str], seconds: float) -> str:
    """What a command prints. Raises UnansweredError where it fails, prints too much or takes too long."""
    with tempfile.TemporaryFile() as complaint:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaint,
            start_new_session=True,
        )
        watch = Timer(seconds, _kill, (process,))
        watch.start()
        try:
            content = process.stdout.read(OUTPUT_LIMIT + 1) if process.stdout else b""
            too_long = len(content) > OUTPUT_LIMIT
            if too_long:
                _kill(process)
            code = process.wait()
        finally:
            watch.cancel()
            if process.poll() is None:
                _kill(process)
            process.communicate()
        if too_long or code:
            raise UnansweredError(_why(code, seconds, _head(complaint.fileno()), too_long=too_long))
    return content.decode(errors="replace")


def _kill(process: subprocess.Popen[bytes]) -> None:
    """git has children of its own: its transport, ssh."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _head(descriptor: int) -> str:
    return os.pread(descriptor, 2000, 0).decode(errors="replace")


def _why(code: int, seconds: float, said: str, *, too_long: bool) -> str:
    if too_long:
        return f"answers with more than {OUTPUT_LIMIT} bytes"
    if code == -signal.SIGKILL:
        return f"did not answer within {seconds:g} seconds"
    lines = [line.removeprefix("fatal: ").strip() for line in said.splitlines() if line.strip()]
    told = next((line for line in lines if not line.startswith("warning")), "")
    return quoted(told) or f"git ends with {code}"
