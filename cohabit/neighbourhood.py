"""The use case of explaining one service: where it is planned, who it could live with."""

from __future__ import annotations

from dataclasses import replace

from analyzer.neighbourhood import Neighbourhood, home_of
from analyzer.service import Fleet
from analyzer.verdict import Stance
from cohabit.auditing import Auditor, oracles_for
from cohabit.fleet import Progress
from cohabit.planning import forbidding
from cohabit.settings import Settings

PRICED = 8
"""Other containers that are asked about, the largest first."""


def neighbourhood(name: str, fleet: Fleet, settings: Settings, progress: Progress) -> Neighbourhood:
    """A service of the Fleet among the others."""
    from analyzer.prices.merging import price

    auditor = Auditor(replace(settings, prices=0), oracles_for(fleet, settings), progress)
    joint = auditor.examined(fleet)
    report, examination = auditor.planned(fleet, joint), joint[Stance.RELOCKED]
    plan = report.plans[Stance.RELOCKED]
    home = home_of(plan, name)
    others = [(n, c) for n, c in enumerate(plan.containers(), start=1) if n != home]
    examined = {service.name for service in examination.fleet.services}
    known = [(n, c.services) for n, c in others if home and examined.issuperset((name, *c.services))]
    known.sort(key=lambda pair: (-len(pair[1]), pair[0]))
    progress("pricing", 0, 0)
    groups = [(n, frozenset((name, *services))) for n, services in known[:PRICED]]
    forbids = forbidding(examination.fleet, settings)
    prices = [price(examination, (home, n), group, auditor.completed, forbids(group)) for n, group in groups]
    welcome = tuple(sorted(p.merge[1] for p in prices if not p.changes and not p.obstacle))
    return Neighbourhood(name, report, welcome, tuple(p for p in prices if p.merge[1] not in welcome))
