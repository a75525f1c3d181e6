"""Commands as one line each, for tables of expectations."""

from __future__ import annotations

from collections.abc import Iterable

from resolvers.shell.command import Command


def shown(command: Command) -> str:
    """``? 3: apt-get install gcc@4 $X?``: perhaps run; line 3; ``gcc`` stands in line 4; ``$X`` is not known."""
    first = command.origins[0]
    words = []
    for word, origin in zip(command.words, command.origins, strict=True):
        place = "" if origin == first else f"@{origin.line}" if origin.file == first.file else f"@{origin}"
        words.append(f"{word.text or repr('')}{'' if word.known else '?'}{place}")
    return f"{'? ' if command.conditional else ''}{first.line}: {' '.join(words)}"


def installs(commands: Iterable[Command], *tools: str) -> list[str]:
    """Those of package managers only."""
    tools = tools or ("apt-get", "apt", "dnf", "yum", "microdnf", "zypper", "apk")
    return [shown(c) for c in commands if c.words[0].text in tools and "update" not in [w.text for w in c.words]]
