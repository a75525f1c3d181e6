"""Prices in words: what to change, who owns it, what it saves."""

from __future__ import annotations

from analyzer.package import PYTHON
from analyzer.ports import is_port
from analyzer.prices.change import Change, Way
from analyzer.prices.price import Price, Saving
from analyzer.report import Report
from reports.argument import enumeration, tidy
from reports.prose import count, housing

_VERBS = {Way.UPGRADE: "move", Way.DOWNGRADE: "move", Way.RELAX: "change"}


def change(report: Report, made: Change) -> str:
    """A Change as an instruction: ``move thrift in svc-b from <0.14 to >=0.16``."""
    service, package = made.place.service, made.place.package
    owner = next((s.owner for s in report.fleet.services if s.name == service and s.owner), "")
    where = f"{service} ({owner})" if owner else service
    if is_port(package):
        return f"let {where} listen on another port than {package.name}"
    name = "Python" if package == PYTHON else package.name
    before = f" from {tidy(made.before)}" if made.before else ""
    if not made.after:
        return f"let {where} take any version of {name}{f' instead of {tidy(made.before)}' if made.before else ''}"
    return f"{_VERBS[made.way]} {name} in {where}{before} to {tidy(made.after)}"


def sentence(text: str) -> str:
    """A text of our own words with a capital."""
    return f"{text[:1].upper()}{text[1:]}"


def changes(report: Report, price: Price) -> str:
    """All that a merge takes, or why nothing does."""
    if price.upstream:
        return "no change of what is required helps: it takes releases that do not exist yet"
    if price.obstacle:
        return f"not priced: {price.obstacle}"
    return enumeration([change(report, made) for made in price.changes]) or "nothing"


def saving(report: Report, found: Saving) -> str:
    """What one Change saves: ``3 containers become 2``."""
    proof = "" if found.proven else " at most"
    return f"{housing(report, found.before)} become {found.after}{proof}"


def left_out(report: Report) -> str:
    """How many merges were not priced; empty if none."""
    number = report.price_list.left_out
    return f"{count(number, 'merge')} of environments farther apart not priced." if number else ""
