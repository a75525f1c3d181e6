"""A call of git: its subcommand, options and operands, and where it works (git(1))."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from analyzer.origin import Origin
from resolvers.shell.command import Command, Word

_GLOBAL = frozenset({"-C", "-c", "--git-dir", "--work-tree", "--namespace", "--exec-path", "--config-env"})
_VALUED = {
    "clone": frozenset(
        {
            "-b", "--branch", "-o", "--origin", "-u", "--upload-pack", "--reference", "--reference-if-able",
            "--separate-git-dir", "--template", "-c", "--config", "-j", "--jobs", "--depth", "--filter",
            "--shallow-since", "--shallow-exclude", "--server-option", "--bundle-uri", "--revision", "--ref-format",
        }
    ),
    "checkout": frozenset({"-b", "-B", "--orphan", "--conflict", "--pathspec-from-file"}),
    "switch": frozenset({"-c", "-C", "--create", "--force-create", "--orphan", "--conflict"}),
    "fetch": frozenset(
        {
            "--depth", "--deepen", "--shallow-since", "--shallow-exclude", "-o", "--server-option", "--upload-pack",
            "-j", "--jobs", "--refmap", "--filter", "--negotiation-tip",
        }
    ),
    "init": frozenset({"-b", "--initial-branch", "--template", "--separate-git-dir", "--object-format"}),
    "add": frozenset({"-b", "--branch", "-t", "-m", "--reference", "--name", "--depth"}),
}  # fmt: skip
"""Options whose value is the next word, by the subcommand."""


@dataclass(frozen=True, slots=True)
class GitCall:
    """One call. ``directories`` are the values of ``-C``, in their order; ``options`` have their values, None
    for those without; of words behind ``--`` there are ``paths`` many."""

    action: str
    origin: Origin
    directories: tuple[Word, ...]
    options: dict[str, Word | None] = field(default_factory=dict)
    operands: tuple[Word, ...] = ()
    paths: int = 0

    def value(self, *names: str) -> Word | None:
        """The value of the first of these options that is given."""
        return next((value for name in names if (value := self.options.get(name)) is not None), None)


def git_call(command: Command) -> GitCall | None:
    """The call that a command is; None where it is none of git."""
    words = command.words
    if not words or not words[0].known or words[0].text.rpartition("/")[2] != "git":
        return None
    index, directories = 1, list[Word]()
    while index < len(words) and words[index].text.startswith("-"):
        name = words[index].text
        if name == "-C" and index + 1 < len(words):
            directories.append(words[index + 1])
        elif name.startswith(("--git-dir", "--work-tree")):
            directories.append(Word(name, known=False))
        index += 2 if name in _GLOBAL else 1
    if index >= len(words):
        return None
    action = words[index].text
    return _call(action, tuple(directories), words[index + 1 :], command.origins[index])


def _call(action: str, directories: tuple[Word, ...], words: Sequence[Word], origin: Origin) -> GitCall:
    valued = _VALUED.get(action, frozenset())
    options: dict[str, Word | None] = {}
    operands: list[Word] = []
    pending = iter(words)
    for word in pending:
        name, equals, value = word.text.partition("=")
        if word.text == "--":
            rest = tuple(pending)
            return GitCall(action, origin, directories, options, (*operands, *rest), len(rest))
        if not word.text.startswith("-") or word.text == "-":
            operands.append(word)
        elif word.text in valued:
            options[word.text] = next(pending, Word("", known=False))
        elif equals and name.startswith("--"):
            options[name] = Word(value, word.known)
        elif word.text[:2] in valued and not word.text.startswith("--"):
            options[word.text[:2]] = Word(word.text[2:], word.known)
        else:
            options[word.text] = None
    return GitCall(action, origin, directories, options, tuple(operands))
