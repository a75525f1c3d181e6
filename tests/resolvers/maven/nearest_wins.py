"""A judge: Maven's mediation over the product's Modules, to be compared with what Maven itself says.

Of several versions of a module the one nearest to the root counts, of those equally near the first (Maven,
"Introduction to the Dependency Mechanism"). What the root manages holds for all below. What a version that lost asks
for is not looked at.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from analyzer.package import Candidate, Package
from resolvers.maven.module import Exclusion, Module, ModuleDependency, Modules
from resolvers.maven.selector import Selector, selector
from resolvers.maven.version_order import compare, key

_RANGES = re.compile(r",(?=[\[(])")
Managed = Mapping[tuple[Package, str], ModuleDependency]


@dataclass
class Node:
    """A version on the class path, and what it brought. ``module`` is where it was relocated to."""

    module: Module
    classifier: str
    exclusions: frozenset[Exclusion] = frozenset()
    children: list[Node] = field(default_factory=list)

    def lines(self, depth: int = 0) -> Iterator[str]:
        found = self.module.candidate
        words = [found.package.namespace, found.package.name, *filter(None, [self.classifier]), found.version]
        yield f"{'  ' * depth}{':'.join(words)}"
        for child in self.children:
            yield from child.lines(depth + 1)


def nearest_wins(modules: Modules, wanted: Iterable[ModuleDependency], managed: Managed) -> list[Node]:
    """What Maven would take for the runtime of a project that declares ``wanted`` and manages ``managed``."""
    roots: list[Node] = []
    taken: set[tuple[Package, str]] = set()
    waiting: deque[tuple[list[Node], ModuleDependency, frozenset[Exclusion], Managed]] = deque(
        (roots, dependency, frozenset(), {}) for dependency in wanted
    )
    while waiting:
        siblings, dependency, exclusions, limits = waiting.popleft()
        if any(exclusion.covers(dependency.package) for exclusion in exclusions):
            continue
        node = _node(modules, dependency, exclusions, limits)
        identity = (node.module.candidate.package, node.classifier)
        if identity not in taken:
            taken.add(identity)
            siblings.append(node)
            waiting.extend((node.children, each, node.exclusions, managed) for each in node.module.dependencies)
    return roots


def _node(modules: Modules, wanted: ModuleDependency, exclusions: frozenset[Exclusion], managed: Managed) -> Node:
    limit = managed.get((wanted.package, wanted.classifier))
    constraint = limit.constraint if limit else wanted.constraint
    module = _module(modules, Candidate(wanted.package, _version(modules, wanted.package, constraint)))
    return Node(
        module, wanted.classifier, exclusions | wanted.exclusions | (limit.exclusions if limit else frozenset())
    )


def _module(modules: Modules, candidate: Candidate) -> Module:
    module = modules.module(candidate)
    assert module is not None, candidate
    return module if module.relocated is None else _module(modules, module.relocated)


def _version(modules: Modules, package: Package, constraint: str) -> str:
    # Maven takes several ranges; Gradle does not read them.
    ranges = [selector(text) for text in _RANGES.split(constraint)]
    if ranges[0].fixed:
        return ranges[0].least
    there = modules.versions(package)
    return max((version for version in there if any(_admits(wanted, version) for wanted in ranges)), key=key)


def _admits(wanted: Selector, version: str) -> bool:
    """Unlike Gradle, Maven takes what comes before a release that is excluded (17-rc for ``[16,17)``)."""
    above = compare(version, wanted.least) > -wanted.with_least if wanted.least else True
    return above and (compare(version, wanted.most) < wanted.with_most if wanted.most else True)
