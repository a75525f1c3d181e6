"""A crude reader of build scripts, line by line and by words alone: the judge of what the gatherer may not lose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from resolvers.gradle.build import Build
from resolvers.gradle.project import Project

_BLOCK = re.compile(r"(?:^|[\s.)])dependencies\s*(?:\{|$)")
_COMMENTED = re.compile(r"/\*.*?\*/", re.DOTALL)
_DECLARING = re.compile(
    r"""["']?(?:\w*(?:[iI]mplementation|[aA]pi|[cC]ompile|[cC]ompileOnly|[rR]untime|[rR]untimeOnly)|add)["']?"""
    r"""(?:\s+(?![=.+&|?:<>])|\s*\()(?P<what>.+)"""
)
_WHAT = re.compile(
    r"""["'][\w.\-]+:[\w.\-$]|project\s*\(|projects\.|libs\.|platform|Platform|kotlin\(|files\(|fileTree"""
)


def dependency_lines(text: str) -> Iterator[int]:
    """The lines that declare a dependency, by their looks: in a ``dependencies`` block, with a word for a
    configuration and something that can be depended on."""
    plain = _COMMENTED.sub(lambda found: "\n" * found[0].count("\n"), text)
    depth, starts = 0, list[int]()
    for number, line in enumerate(plain.split("\n"), start=1):
        code = re.sub(r"(?:^|\s)//.*", "", line)
        if _BLOCK.search(code):
            starts.append(depth)
        if starts and (found := _DECLARING.match(code.partition("{")[2].strip() or code.strip())):
            if _WHAT.search(found["what"]):
                yield number
        elif starts and (found := _DECLARING.match(code.strip())) and _WHAT.search(found["what"]):
            yield number
        depth += code.count("{") - code.count("}")
        while starts and depth <= starts[-1] and "}" in code:
            starts.pop()


def told_lines(build: Build, directories: Iterable[str]) -> set[tuple[str, int]]:
    """The lines that the projects in some folders require, call unknown, or have aside."""
    found: set[tuple[str, int]] = set()
    for directory in directories:
        found |= set(_of(build.project(directory)))
    return found


def _of(project: Project) -> Iterator[tuple[str, int]]:
    told = [r.origin for r in project.requirements] + [s.origin for s in project.skipped]
    for origin in (*told, *(j.origin for j in project.joined)):
        yield origin.file, origin.line
    for reason in project.unknown:
        if found := re.match(r"([^:]+):(\d+)", reason):
            yield found[1], int(found[2])
