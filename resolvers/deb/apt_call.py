"""A call of apt-get, apt or aptitude: what it is to do, with what, and under which options."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzer.origin import Origin
from resolvers.shell.command import Command, Word

INSTALLERS = frozenset({"apt-get", "apt", "aptitude", "apt-fast", "nala"})
ALWAYS_INSTALL = frozenset({"install_packages", "clean-install"})
"""Scripts of well-known base images (minideb, Kubernetes' debian-base) whose words are all packages."""

_BOTH = {"-t": "suite", "--target-release": "suite", "--default-release": "suite", "-o": "option", "--option": "option"}
_APT = _BOTH | {
    "-c": "other", "--config-file": "other", "-a": "other", "--host-architecture": "other",
    "-P": "other", "--build-profiles": "other", "--solver": "other", "--planner": "other",
}  # fmt: skip
_APTITUDE = _BOTH | {
    "-w": "other", "-F": "other", "-O": "other", "-S": "other",
    "--add-user-tag": "other", "--add-user-tag-to": "other", "--remove-user-tag": "other",
}  # fmt: skip
"""Options that take a value, and what it is."""

_DEFAULT_RELEASE = "apt::default-release="
_ROOT = ("rootdir=", "dir=")
_NOTHING_DONE = frozenset(
    {"-s", "--simulate", "--just-print", "--dry-run", "--recon", "--no-act", "-d", "--download-only",
     "--print-uris", "--only-upgrade", "-h", "--help"}
)  # fmt: skip
_NO_SUITE = Word("")
_AUTO_REMOVE = frozenset({"--auto-remove", "--autoremove"})


@dataclass(frozen=True, slots=True)
class Argument:
    """A word that is no option, and where it stands."""

    word: Word
    origin: Origin


@dataclass(frozen=True, slots=True)
class AptCall:
    """One call.

    ``suite`` is what ``-t`` says, not ``known`` where only a run tells. ``idle``: it installs nothing
    (``--simulate``, ``--download-only``). ``elsewhere``: into another root filesystem. ``automatic``:
    what nothing needs any more is removed with the rest. ``origin`` is the action's own place.
    """

    action: Argument
    arguments: tuple[Argument, ...]
    suite: Word = _NO_SUITE
    idle: bool = False
    elsewhere: bool = False
    automatic: bool = False


def apt_call(command: Command) -> AptCall | None:
    """The call that a command is; None where it is none, or does nothing."""
    places = tuple(map(Argument, command.words, command.origins))
    if not places or not places[0].word.known:
        return None
    name = places[0].word.text.rpartition("/")[2]
    if name in ALWAYS_INSTALL:
        return AptCall(Argument(Word("install"), places[0].origin), _packages(places[1:]))
    if name not in INSTALLERS:
        return None
    return _call(_Reading(places[1:], _APTITUDE if name == "aptitude" else _APT))


def _packages(places: Sequence[Argument]) -> tuple[Argument, ...]:
    return tuple(place for place in places if not place.word.text.startswith("-"))


class _Reading:
    """The words of a call, told apart as apt's own parser does (apt-pkg/contrib/cmndline.cc)."""

    def __init__(self, places: Sequence[Argument], with_value: dict[str, str]) -> None:
        self.flags: set[str] = set()
        self.values: list[tuple[str, Word]] = []
        self.arguments: list[Argument] = []
        self._with_value = with_value
        pending = iter(places)
        for place in pending:
            text = place.word.text
            if text == "--":
                self.arguments += pending
            elif text.startswith("--"):
                self._long(place.word, pending)
            elif text.startswith("-") and len(text) > 1:
                self._short(place.word, pending)
            else:
                self.arguments.append(place)

    def _long(self, word: Word, pending: Iterator[Argument]) -> None:
        name, equals, value = word.text.partition("=")
        if name in self._with_value:
            self._value(name, Word(value, word.known) if equals else None, pending)
        elif not equals or value.lower() not in ("false", "no", "0", "off"):
            self.flags.add(name)

    def _short(self, word: Word, pending: Iterator[Argument]) -> None:
        """Letters in one word; one that takes a value takes the rest of it, or the next word."""
        text = word.text
        for place, letter in enumerate(text[1:], start=1):
            option, rest = f"-{letter}", text[place + 1 :].removeprefix("=")
            if option in self._with_value:
                self._value(option, Word(rest, word.known) if rest else None, pending)
                return
            if letter in "=:" or not letter.isalpha():
                return
            self.flags.add(option)

    def _value(self, name: str, value: Word | None, pending: Iterator[Argument]) -> None:
        if value is None:
            following = next(pending, None)
            value = following.word if following else Word("")
        self.values.append((self._with_value[name], value))


def _call(reading: _Reading) -> AptCall | None:
    if not reading.arguments:
        return None
    settings = [value for kind, value in reading.values if kind == "option"]
    return AptCall(
        reading.arguments[0],
        tuple(reading.arguments[1:]),
        _suite(reading, settings),
        idle=not _NOTHING_DONE.isdisjoint(reading.flags),
        elsewhere=any(setting.text.lower().startswith(_ROOT) for setting in settings),
        automatic=not _AUTO_REMOVE.isdisjoint(reading.flags),
    )


def _suite(reading: _Reading, settings: Sequence[Word]) -> Word:
    named = [value for kind, value in reading.values if kind == "suite"]
    default = [s for s in settings if s.text.lower().startswith(_DEFAULT_RELEASE)]
    if named:
        return named[-1]
    if default:
        return Word(default[-1].text[len(_DEFAULT_RELEASE) :], default[-1].known)
    return _NO_SUITE
