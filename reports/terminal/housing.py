"""The plans as trees, one per stance."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from rich.console import Group, RenderableType
from rich.text import Text
from rich.tree import Tree

from analyzer.plan import Container, Plan, Venv
from analyzer.report import Report
from analyzer.substrate.option import Substrate
from analyzer.verdict import Stance
from reports.prose import bound, count, housing, names
from reports.recommended import doubts, substrate, summary
from reports.terminal.clashes import heading
from reports.terminal.pen import Beside, Pen, paragraph
from reports.tier_prose import environment_numbers, load, spending, unmeasured

SIDE_BY_SIDE = 110
"""Columns from which two plans stand beside each other."""

_TITLES = {Stance.LOCKED: "As locked", Stance.RELOCKED: "After re-locking"}


def plans(pen: Pen, report: Report, width: int) -> Iterator[RenderableType]:
    """The plans of the Report, side by side where ``width`` allows."""
    blocks = [Group(*_plan(pen, report, report.plans[s])) for s in Stance if s in report.plans]
    if not blocks:
        return
    yield from heading(pen, "Housing")
    if width < SIDE_BY_SIDE or len(blocks) == 1:
        yield from blocks
    else:
        yield Beside(blocks[0], blocks[1], min(width, 2 * SIDE_BY_SIDE) // 2 - 1)


def _plan(pen: Pen, report: Report, plan: Plan) -> Iterator[RenderableType]:
    title = f"{_TITLES[plan.stance]}: {housing(report, plan.environments)}"
    tree = Tree(pen.write(title, "headline"), guide_style="blue")
    containers, numbers = list(plan.containers()), environment_numbers(plan)
    number = 0
    for place, machine in enumerate(plan.machines, 1):
        told = f"  {load(machine)}" if load(machine) else ""
        head = pen.join(pen.write(f"machine {place}", "label"), pen.write(told, "quiet"))
        branch = tree.add(head) if len(plan.machines) > 1 or told else tree
        for container in machine.containers:
            number += 1
            name = f"container {number}" if len(containers) > 1 else "container"
            _container(pen, branch, container, name, numbers)
    yield tree
    for remark, style in _remarks(report, plan):
        yield paragraph(pen.write(remark, style))
    yield Text()


def _remarks(report: Report, plan: Plan) -> Iterator[tuple[str, str]]:
    text = bound(plan, report)
    yield f"{text[0].upper()}{text[1:]}.", "good" if plan.proven else "warning"
    yield from ((sentence, "") for sentence in spending(plan, report))
    if uncounted := unmeasured(plan):
        yield uncounted, "warning"
    if recommended := summary(plan):
        yield f"Recommended: {recommended}.", ""
    if unclear := doubts(plan):
        yield f"Check first, since nothing says so: {unclear}.", "warning"
    if plan.drift:
        yield f"{count(plan.drift, 'locked version')} moved.", ""
    if plan.held_apart and "undecided" not in text:
        yield f"{count(plan.held_apart, 'pair')} kept apart only because undecided.", "warning"
    if plan.unplaced:
        yield f"Not housed, since not satisfiable even alone: {names(plan.unplaced, 24)}.", "warning"


def _container(pen: Pen, tree: Tree, container: Container, title: str, numbers: Iterator[int]) -> None:
    inner = [f"Python environment {number}" for number in islice(numbers, len(container.venvs))]
    if len(container.venvs) == 1:
        branch = tree.add(_titled(pen, ", ".join((title, *inner)), container, container.venvs[0]))
        _services(pen, branch, container.venvs[0])
        return
    branch = tree.add(pen.write(title, "label"))
    for name, venv in zip(inner, container.venvs, strict=True):
        _services(pen, branch.add(_titled(pen, name, container, venv)), venv)


def _titled(pen: Pen, title: str, container: Container, venv: Venv) -> Text:
    return pen.join(pen.write(title, "label"), pen.write(_facts(container, venv), "quiet"))


def _services(pen: Pen, tree: Tree, venv: Venv) -> None:
    for service in venv.services:
        tree.add(pen.write(service, "service"))


def _facts(container: Container, venv: Venv) -> str:
    witness, recommended = venv.witness, substrate(container, venv)
    # The box is called a container already.
    facts = [recommended] if recommended not in ("", Substrate.CONTAINER.label) else []
    facts += [f"Python {witness.python}"] if witness is not None and witness.python else []
    facts += [count(len(witness.versions), "version")] if witness is not None else []
    facts += [f"{venv.drift} moved"] if venv.drift else []
    facts += ["undecided"] if venv.undecided else []
    return f"  {', '.join(facts)}" if facts else ""
