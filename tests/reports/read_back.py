"""The ids of conflicts as a reader of each format finds them, and how many the format says it has left out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from xml.etree.ElementTree import fromstring

from markdown_it import MarkdownIt

ID = re.compile(r"[a-z]+\d{3}-[0-9a-f]{12}")
_MARKDOWN = MarkdownIt("commonmark")
_LINE = re.compile(rf"^<p><code>[A-Z]+\d+</code> <code>[^<>]*</code> <code>({ID.pattern})</code></p>$")
_LEFT_OUT = re.compile(r"^(\d+) conflicts?\b.* did not fit in here", re.MULTILINE)


def in_json(content: bytes) -> list[str]:
    return [conflict["id"] for conflict in json.loads(content)["conflicts"]]


def in_html(content: bytes) -> list[str]:
    """Those that stand in ``code`` elements of their own."""
    reader = _Codes()
    reader.feed(content.decode())
    return sorted({text for text in reader.found if ID.fullmatch(text)})


class _Codes(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._open = tag == "code"

    def handle_data(self, data: str) -> None:
        if self._open:
            self.found.append(data)
        self._open = False


def in_judgement_html(content: bytes) -> list[str]:
    """Those that the gate names at the top of the page."""
    told = content.decode().partition('id="gate"')[2].partition("</section>")[0]
    return sorted(text for text in re.findall(r"<code>([^<]*)</code></li>", told) if ID.fullmatch(text))


def in_terminal(content: bytes) -> list[str]:
    """Those at the ends of lines, save of lines to be copied, which stand far to the right."""
    lines = (line for line in content.decode().splitlines() if not line.startswith(" " * 12))
    ends = (line.rsplit(maxsplit=1)[-1:] for line in lines)
    return sorted({end[0] for end in ends if end and ID.fullmatch(end[0])})


def in_judgement_json(content: bytes) -> list[str]:
    return [finding["id"] for finding in json.loads(content)["findings"]]


def in_sarif(content: bytes) -> list[str]:
    (run,) = json.loads(content)["runs"]
    return [result["partialFingerprints"]["cohabit/v1"] for result in run["results"]]


def in_junit(content: bytes) -> list[str]:
    """Those at the ends of names of test cases, save the cases of services and of the gate."""
    suites = (s for s in fromstring(content) if s.get("name") not in ("services", "gate"))
    return [case.get("name", "").rpartition("[")[2].rstrip("]") for suite in suites for case in suite]


def in_gitlab(content: bytes) -> list[str]:
    return [v["fingerprint"] for v in json.loads(content) if not v["check_name"].startswith("GATE")]


def in_github(content: bytes) -> list[str]:
    """Those at the ends of annotations, and of the log lines for which GitHub has no annotations left."""
    ends = (re.search(rf"(?:^|%0A|; )id: ({ID.pattern})$", line) for line in content.decode().split("\n"))
    return [end[1] for end in ends if end]


def in_markdown(content: bytes) -> list[str]:
    """Those that a CommonMark parser sees at the end of a fenced block, or of a line of its own."""
    found = []
    for token in _MARKDOWN.parse(content.decode()):
        last = token.content.rstrip("\n").rpartition("\n")[2]
        if token.type == "fence" and last.startswith("id     "):
            found.append(last.removeprefix("id     "))
        if token.type == "html_block" and (line := _LINE.match(token.content.strip())):
            found.append(line[1])
    return found


def left_out_of_markdown(content: bytes) -> int:
    said = _LEFT_OUT.search(content.decode())
    return int(said[1]) if said else 0


OF_REPORTS: Mapping[str, Callable[[bytes], list[str]]] = {"json": in_json, "html": in_html, "verbose": in_terminal}
"""By format, where all conflicts of a Report are told."""

OF_JUDGEMENTS: Mapping[str, Callable[[bytes], list[str]]] = {
    "terminal": in_terminal,
    "json": in_judgement_json,
    "html": in_judgement_html,
    "sarif": in_sarif,
    "junit": in_junit,
    "gitlab": in_gitlab,
    "github": in_github,
    "markdown": in_markdown,
    "job-summary": in_markdown,
}
"""By format, where those of one stance are."""
