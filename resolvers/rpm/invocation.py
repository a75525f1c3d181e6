"""The command line of a tool that installs RPM packages: its verb, options and operands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analyzer.origin import Origin
from resolvers.shell.command import Command, Word


@dataclass(frozen=True, slots=True)
class Tool:
    """What a command line of one family of tools means.

    ``verbs`` maps the verbs that matter, with their aliases, to one name each. ``valued`` are the
    options whose value is the next word where it does not stand behind ``=``.
    """

    verbs: Mapping[str, str]
    valued: frozenset[str]


@dataclass(frozen=True, slots=True)
class Invocation:
    """One run of a tool. ``verb`` is empty where it does nothing to the packages."""

    tool: str
    verb: str
    options: tuple[tuple[str, str], ...]
    operands: tuple[tuple[Word, Origin], ...]

    def option(self, *names: str) -> str | None:
        """The last value of an option, ``""`` for one without, None where it is not given."""
        return next((value for name, value in reversed(self.options) if name in names), None)


INSTALL, REMOVE, GROUP, MODULE, SWAP = "install", "remove", "group", "module", "swap"
BUILD_DEPENDENCIES, ADD_REPOSITORY = "builddep", "add repository"

_DNF = Tool(
    {
        **dict.fromkeys(
            ("install", "in", "install-n", "install-na", "install-nevra", "localinstall", "reinstall", "rei",
             "downgrade", "dg"),
            INSTALL,
        ),
        **dict.fromkeys(("remove", "erase", "rm", "remove-n", "remove-na", "remove-nevra"), REMOVE),
        **dict.fromkeys(("group", "grp", "groups", "groupinstall", "environment"), GROUP),
        "module": MODULE,
        "swap": SWAP,
        **dict.fromkeys(("builddep", "build-dep"), BUILD_DEPENDENCIES),
        **dict.fromkeys(("config-manager", "copr"), ADD_REPOSITORY),
    },
    frozenset(
        {
            "-c", "-d", "-e", "-x", "-R", "--config", "--debuglevel", "--errorlevel", "--exclude", "--excludepkgs",
            "--enablerepo", "--disablerepo", "--enable-repo", "--disable-repo", "--repo", "--repoid", "--repofrompath",
            "--setopt", "--setvar", "--releasever", "--installroot", "--arch", "--forcearch", "--advisory",
            "--advisories", "--bz", "--bzs", "--cve", "--cves", "--sec-severity", "--comment", "--downloaddir",
            "--destdir", "--rpmverbosity", "--randomwait", "--color", "--disableplugin", "--enableplugin",
            "--add-repo", "--disableexcludes", "--disableexcludepkgs", "--reposdir", "--config-file",
        }
    ),
)  # fmt: skip
_ZYPPER = Tool(
    {
        **dict.fromkeys(("install", "in"), INSTALL),
        **dict.fromkeys(("remove", "rm"), REMOVE),
        **dict.fromkeys(("source-install", "si"), BUILD_DEPENDENCIES),
        **dict.fromkeys(("addrepo", "ar"), ADD_REPOSITORY),
    },
    frozenset(
        {
            "-c", "-D", "-R", "-p", "-t", "-r", "--config", "--reposd-dir", "--cache-dir", "--raw-cache-dir",
            "--solv-cache-dir", "--pkg-cache-dir", "--root", "--installroot", "--releasever", "--plus-repo",
            "--plus-content", "--type", "--repo", "--from", "--download", "--solver-focus",
        }
    ),
)  # fmt: skip
_RPM = Tool(
    {},
    frozenset(
        {
            "-r", "-D", "-E", "--root", "--dbpath", "--prefix", "--relocate", "--excludepath", "--define",
            "--undefine", "--eval", "--rcfile", "--macros", "--pipe", "--import",
        }
    ),
)  # fmt: skip

RPM = "rpm"
TOOLS: Mapping[str, Tool] = {
    **dict.fromkeys(("dnf", "dnf-3", "dnf4", "dnf5", "yum", "microdnf", "tdnf", "rpm-ostree"), _DNF),
    "zypper": _ZYPPER,
    RPM: _RPM,
}
_ALIASES: Mapping[str, tuple[str, str]] = {
    "yum-config-manager": ("yum", ADD_REPOSITORY),
    "yum-builddep": ("yum", BUILD_DEPENDENCIES),
}
_DRY = ("--downloadonly", "--download-only", "--assumeno", "--dry-run", "-d", "--test", "--justdb")


def invocation(command: Command) -> Invocation | None:
    """The run of a tool that a command is, None where it is another command or installs nothing."""
    words = list(zip(command.words, command.origins, strict=False))
    name = words[0][0].text.rpartition("/")[2] if words else ""
    alias, verb = _ALIASES.get(name, (name, ""))
    tool = TOOLS.get(alias)
    if tool is None or not words[0][0].known:
        return None
    options, operands = _parsed(words[1:], tool, has_verb=bool(verb) or alias == RPM)
    if alias == RPM:
        verb = _mode(options)
    elif not verb and operands:
        verb = tool.verbs.get(operands.pop(0)[0].text, "")
    found = Invocation(alias, verb, tuple(options), tuple(operands))
    return found if verb and not _is_dry(found) else None


def _is_dry(run: Invocation) -> bool:
    names = _DRY if run.tool == "zypper" else [name for name in _DRY if name != "-d"]
    return run.option(*names) is not None


def _parsed(
    words: list[tuple[Word, Origin]], tool: Tool, *, has_verb: bool
) -> tuple[list[tuple[str, str]], list[tuple[Word, Origin]]]:
    """A word before the verb whose value is not known is taken for options (``$DNF_OPTIONS``)."""
    options: list[tuple[str, str]] = []
    operands: list[tuple[Word, Origin]] = []
    rest = iter(words)
    for word, origin in rest:
        if word.text == "--" and word.known:
            operands += rest
        elif word.text.startswith("-") and len(word.text) > 1:
            options += _option(word.text, tool, rest)
        elif word.known or operands or has_verb:
            operands.append((word, origin))
    return options, operands


def _option(text: str, tool: Tool, rest: Iterator[tuple[Word, Origin]]) -> Iterator[tuple[str, str]]:
    name, has_value, value = text.partition("=")
    if name.startswith("--"):
        yield name, value if has_value else _next(rest) if name in tool.valued else ""
        return
    for place, letter in enumerate(text[1:], 1):
        short = f"-{letter}"
        if short in tool.valued:
            yield short, text[place + 1 :].removeprefix("=") or _next(rest)
            return
        yield short, ""


def _next(rest: Iterator[tuple[Word, Origin]]) -> str:
    return next((word.text for word, _ in rest), "")


_OTHER_MODES = {"-q", "-V", "-K", "-F", "--query", "--verify", "--checksig", "--freshen", "--initdb", "--rebuilddb"}


def _mode(options: list[tuple[str, str]]) -> str:
    """What rpm is asked to do (rpm(8)): ``-ivh`` installs, ``-qi`` informs."""
    names = {name for name, _ in options}
    if names & _OTHER_MODES:
        return ""
    if names & {"-i", "-U", "--install", "--upgrade", "--reinstall"}:
        return INSTALL
    return REMOVE if names & {"-e", "--erase"} else ""
