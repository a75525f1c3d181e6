"""The lines of a requirements file, as pip reads them ("Requirements File Format" in pip's documentation).

Own code, because the one library for it (pip-requirements-parser) has been without a release since 2022.
"""

from __future__ import annotations

import codecs
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from optparse import OptionParser, Values
from typing import NoReturn

from analyzer.errors import ManifestError
from analyzer.origin import Origin

LINE_LIMIT = 2**16
"""Characters of the longest logical line (an entry with hundreds of hashes stays under a quarter of it)."""

OPTION_LIMIT = 1000
"""Words after the first option of a line."""

_VALUED = {
    "requirement": ("-r", "--requirement"),
    "constraint": ("-c", "--constraint"),
    "editable": ("-e", "--editable"),
    "index_url": ("-i", "--index-url", "--pypi-url"),
    "extra_index_url": ("--extra-index-url",),
    "find_links": ("-f", "--find-links"),
    "no_binary": ("--no-binary",),
    "only_binary": ("--only-binary",),
    "all_releases": ("--all-releases",),
    "only_final": ("--only-final",),
    "trusted_host": ("--trusted-host",),
    "use_feature": ("--use-feature",),
    "hash": ("--hash",),
    "config_settings": ("-C", "--config-settings", "--config-setting"),
    "global_option": ("--global-option",),
    "install_option": ("--install-option",),
}
_FLAGS = {
    "no_index": ("--no-index",),
    "prefer_binary": ("--prefer-binary",),
    "require_hashes": ("--require-hashes",),
    "no_require_hashes": ("--no-require-hashes",),
    "pre": ("--pre",),
}
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CODING = re.compile(rb"\s*#.*?coding[:=]\s*([-\w.]+)")
_CHARACTER_SETS = re.compile(
    r"utf-?8|us-ascii|ascii|latin-?1|iso-?8859-\d{1,2}|cp\d{3,4}|windows-125\d|koi8-[ru]|gbk|big5"
)
_LINE_END = re.compile(r"\r\n|\r|\n")
_COMMENT_LINE = re.compile(r"\s*#")
_OPTION = re.compile(r"(?:^|(?<=\s))-")
_COMMENT = re.compile(r"(?:^|(?<=\s))#")


@dataclass(frozen=True, slots=True)
class Statement:
    """One logical line: its first physical line, its text, and its parts.

    ``argument`` stands before the first option. ``options`` has every value given to an option
    (``""`` for flags), keyed as pip's own parser does. ``surplus`` is what pip reads and ignores.
    ``refused`` says why pip would refuse the line, and is empty where it would not.
    """

    line: int
    text: str
    argument: str = ""
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    surplus: str = ""
    refused: str = ""


def decode(content: bytes, file: str) -> str:
    """The text of a requirements file: by byte order mark, by a PEP 263 comment, else UTF-8, as pip does.

    Raises ManifestError with the line.
    """
    mark, encoding = next((m for m in _BYTE_ORDER_MARKS if content.startswith(m[0])), (b"", _declared_coding(content)))
    content = content[len(mark) :]
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        shown = f"byte 0x{content[error.start]:02x}"
        raise ManifestError(Origin(file, line), f"is not {encoding.upper()} ({shown})") from error
    except LookupError as error:
        raise ManifestError(Origin(file, 1), "is in a character encoding that is not known") from error
    if "\0" in text:
        raise ManifestError(Origin(file, text.count("\n", 0, text.index("\0")) + 1), "holds a NUL byte")
    return text


def statements(text: str) -> Iterator[Statement]:
    """The logical lines of ``text``, without comments and blank lines."""
    for number, joined in _joined(text):
        if _COMMENT_LINE.match(joined):
            continue
        if len(joined) > LINE_LIMIT:
            yield Statement(number, joined[:LINE_LIMIT], refused=f"is longer than {LINE_LIMIT} characters")
            continue
        comment = _COMMENT.search(joined)
        line = (joined[: comment.start()] if comment else joined).strip()
        if line:
            yield _statement(number, line)


def _declared_coding(content: bytes) -> str:
    for line in content.split(b"\n", 2)[:2]:
        match = _CODING.match(line)
        if match is not None:
            name = match[1].decode("ascii", "replace").lower().replace("_", "-")
            # The other codecs of Python transform rather than decode, some of them at quadratic cost.
            return name if _CHARACTER_SETS.fullmatch(name) else "unknown"
    return "utf-8"


def _joined(text: str) -> Iterator[tuple[int, str]]:
    parts: list[str] = []
    first = 0
    for number, line in _physical(text):
        is_comment = _COMMENT_LINE.match(line) is not None
        first = first if parts else number
        if line.endswith("\\") and not is_comment:
            parts.append(line.strip("\\"))
            continue
        # A comment ends what came before it, and needs the blank to be known as one.
        yield first, "".join((*parts, " " if is_comment and parts else "", line))
        parts = []
    if parts:
        yield first, "".join(parts)


def _physical(text: str) -> Iterator[tuple[int, str]]:
    # pip also splits at form feeds and other Unicode line ends; editors do not count those.
    for number, line in enumerate(_LINE_END.split(text), start=1):
        for piece in line.splitlines() or [""]:
            yield number, piece


def _statement(number: int, line: str) -> Statement:
    # Markers are no shell words: only what follows the first option is split as a shell would.
    option = _OPTION.search(line)
    start = option.start() if option else len(line)
    argument = line[:start].strip()
    try:
        given = shlex.split(line[start:])
        if len(given) > OPTION_LIMIT:
            return Statement(number, line, refused=f"has more than {OPTION_LIMIT} options")
        values, rest = _LINE_PARSER.parse_args(given, Values())
    except (ValueError, _RefusedOptionError) as error:
        return Statement(number, line, argument, refused=f"has options that pip refuses ({error})")
    options = {name: tuple(found) for name, found in vars(values).items()}
    return Statement(number, line, argument, options, " ".join(rest))


class _RefusedOptionError(Exception):
    """What optparse says of a line, instead of leaving the process."""


class _LineParser(OptionParser):
    def error(self, msg: str) -> NoReturn:
        raise _RefusedOptionError(msg.partition("\n")[0])


def _line_parser() -> _LineParser:
    parser = _LineParser(add_help_option=False, usage="")
    for name, spellings in _VALUED.items():
        parser.add_option(*spellings, dest=name, action="append")
    for name, spellings in _FLAGS.items():
        parser.add_option(*spellings, dest=name, action="append_const", const="")
    return parser


_LINE_PARSER = _line_parser()
