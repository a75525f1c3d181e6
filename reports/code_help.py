"""What each code of a conflict, and of the gate, means: ``reports/codes/CODE.md``, one file for each.

``python -m reports.code_help > docs/codes.md`` puts them all on one page.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files

from analyzer.gate.judgement import Note
from analyzer.verdict import Code

CODES: tuple[str, ...] = (*map(str, Code), *map(str, Note))
"""Every code that is documented, in the order of the page."""

_LIKE = re.compile(r"(PIP|DEB|RPM|MVN|GIT|NET|SYS|PY|JDK|PLAT|KRN|GATE)[0-9]{3}", re.IGNORECASE)
_FORM = re.compile(
    r"# (?P<code>\w+): (?P<title>.+)\n\n"
    r"(?P<body>\*\*(?P<summary>(?s:.+?))\.?\*\*(?s:.+)\*Boundary:\* (?:`(?P<boundary>\w+)`)?(?s:.+))\Z"
)
MARK = re.compile(
    r"`(?P<code>[^`]+)`|\*\*(?P<strong>.+?)\*\*|\*(?P<label>[^*]+)\*|\[(?P<link>[^\]]+)\]\((?P<target>[^)]+)\)",
    re.DOTALL,
)
"""The emphasis that the documentation uses, within a paragraph."""
_WRITTEN = "<!-- Written by `python -m reports.code_help > docs/codes.md` from reports/codes/. -->"


@dataclass(frozen=True, slots=True)
class CodeHelp:
    """The documentation of one code.

    ``title`` says in a few words what it stands for, ``summary`` in a sentence without markup.
    ``body`` is Markdown, whose links are relative to ``docs/codes.md``. ``boundary`` is empty for the gate's own.
    """

    code: str
    title: str
    summary: str
    body: str
    boundary: str


def known_code(text: str) -> str:
    """The code that ``text`` means in any case of its letters; empty where it is none."""
    return text.upper() if text.upper() in CODES else ""


def is_like_a_code(text: str) -> bool:
    """Whether ``text`` has the form of a code, known or not."""
    return _LIKE.fullmatch(text) is not None


@cache
def help_of(code: str) -> CodeHelp:
    """What a code means. Raises KeyError where there is no such code."""
    if code not in CODES:
        raise KeyError(code)
    told = _FORM.match(_read(code))
    if told is None:
        raise ValueError(f"reports/codes/{code}.md lacks a title, a summary or a boundary")
    return CodeHelp(code, told["title"], f"{bare(told['summary'])}.", told["body"].strip(), told["boundary"] or "")


def bare(markdown: str) -> str:
    """A paragraph of Markdown as plain text on one line."""
    return " ".join(MARK.sub(_unmarked, markdown).split())


def _unmarked(mark: re.Match[str]) -> str:
    return mark["code"] or bare(mark["strong"] or mark["label"] or mark["link"])


def to_markdown(known: CodeHelp) -> str:
    """What a code means, as Markdown of its own."""
    return f"# {known.code}: {known.title}\n\n{known.body}\n"


def to_json(known: CodeHelp) -> str:
    """The same with its parts apart, as JSON."""
    return json.dumps(asdict(known), indent=2) + "\n"


def page() -> str:
    """All of it as one page of Markdown."""
    return "\n\n".join((_read("introduction").strip(), _table(), *_sections(), _WRITTEN)) + "\n"


def _table() -> str:
    rows = (f"| [{c}](#{c.lower()}) | {help_of(c).title} | {help_of(c).boundary or 'none'} |" for c in CODES)
    return "\n".join(("| code | in a word | boundary |", "| --- | --- | --- |", *rows))


def _sections() -> Iterator[str]:
    for code in CODES:
        yield f"## {code}\n\n{help_of(code).body}"


def _read(name: str) -> str:
    return (files("reports") / "codes" / f"{name}.md").read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.stdout.buffer.write(page().encode())
