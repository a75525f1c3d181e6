"""How long each format takes to write, how large the page is, and how soon Chromium answers on it.

    python benchmarks/reports.py [100 1000 5000]

The fleets are invented: services that lock shared packages, each at one of five versions, so that 5 % of all pairs
clash (of 5,000 services 0.2 %: as many conflicts as of 1,000). Every time is the best of three
(slow ones run once), and stands beside its ratio to ``json.dumps`` of the conflicts as plain values, run in the same
go. The page's first answer is the time from navigation until a key moves the cursor of the matrix; its ratio is to an
empty page.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import combinations
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter

from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from analyzer.boundary import Boundary
from analyzer.explanation import Explanation, Fact
from analyzer.gate.judgement import Finding, Judgement
from analyzer.gate.severity import Severity
from analyzer.origin import Origin
from analyzer.package import Candidate, pypi
from analyzer.plan import Container, Machine, Plan, Venv
from analyzer.report import Questions, Report
from analyzer.requirement import Locked
from analyzer.service import DependencySet, Fleet, Platform, Service
from analyzer.verdict import Code, Conflict, Demand, Depth, Stance
from reports.registry import JUDGEMENT_REPORTERS, names, reporter

SIZES = (100, 1000, 5000)
SHARE = {100: 0.05, 1000: 0.05, 5000: 0.002}
VERSIONS = 5
PATIENCE = 2.0
OF_A_FEW = ("explanation",)
"""Formats that a command writes of the few services that it is told, never of a fleet."""
Choice = dict[str, dict[str, str]]


def choices(services: list[str], share: float) -> Choice:
    """By package the version that each of its users locks, until so many of the pairs clash."""
    random, clashing, found = Random(7), set[tuple[str, str]](), Choice()
    most = max(6, len(services) // 25)
    while len(clashing) < share * len(services) * (len(services) - 1) / 2:
        users = sorted(random.sample(services, most))
        versions = {user: f"{random.randint(1, VERSIONS)}.0.1" for user in users}
        found[f"shared-{len(found):03}"] = versions
        clashing.update(p for p in combinations(users, 2) if versions[p[0]] != versions[p[1]])
    return found


def report(size: int) -> Report:
    """A Report on a fleet of so many services."""
    services = [f"team-{number % 23:02}/service-{number:04}" for number in range(size)]
    services.sort()
    chosen = choices(services, SHARE.get(size, 0.05))
    conflicts = tuple(sorted(_conflicts(chosen), key=lambda c: c.id))
    fleet = Fleet(f"{size} services", tuple(_service(name, chosen) for name in services))
    plans = {
        Stance.LOCKED: _plan(Stance.LOCKED, _first_fit(services, conflicts)),
        Stance.RELOCKED: _plan(Stance.RELOCKED, [services]),
    }
    return Report(fleet, conflicts, (), (), plans, Questions({"pip": 1}), {"uv": "0"}, "2026-01-01")


def _conflicts(chosen: Choice) -> Iterator[Conflict]:
    for package, versions in chosen.items():
        for pair in combinations(versions, 2):
            if versions[pair[0]] != versions[pair[1]]:
                demands = tuple(Demand(name, _lock(name, package, versions[name]).as_requirement()) for name in pair)
                causes = tuple(Explanation(Fact.REQUIRED, str(d.requirement), service=d.service) for d in demands)
                yield Conflict(
                    Code.LOCK,
                    Depth.LOCKED,
                    pair,
                    Boundary.VENV,
                    (pypi(package),),
                    demands,
                    Explanation(Fact.CLASH, package, causes=causes),
                )


def _lock(service: str, package: str, version: str) -> Locked:
    line = int(package.rpartition("-")[2]) + 3
    origin = Origin(f"{service}/requirements.txt", line, f"{package}=={version}")
    return Locked(Candidate(pypi(package), version), origin)


def _service(name: str, chosen: Choice) -> Service:
    locks = tuple(_lock(name, package, users[name]) for package, users in chosen.items() if name in users)
    return Service(name, name, Platform("3.12", "debian:12"), (DependencySet("pip", (), locks, closed=True),))


def _first_fit(services: list[str], conflicts: tuple[Conflict, ...]) -> list[list[str]]:
    apart: dict[str, set[str]] = {name: set() for name in services}
    for one, other in (conflict.services for conflict in conflicts):
        apart[one].add(other)
        apart[other].add(one)
    groups: list[list[str]] = []
    for name in sorted(services, key=lambda name: -len(apart[name])):
        home = next((group for group in groups if apart[name].isdisjoint(group)), None)
        if home is None:
            groups.append(home := [])
        home.append(name)
    return groups


def _plan(stance: Stance, groups: list[list[str]]) -> Plan:
    containers = tuple(Container((Venv(tuple(sorted(group))),)) for group in groups)
    return Plan(stance, (Machine(containers),), len(containers), 1, len(containers) == 1)


def judged(known: Report) -> Judgement:
    """What a gate makes of it that lets all pass: formats of build servers are written from this."""
    found = tuple(Finding(c, Severity.ERROR, breaks=True) for c in known.conflicts)
    return Judgement(known, Stance.LOCKED, found)


def seconds(run: Callable[[], bytes]) -> tuple[float, bytes]:
    """The best of three, or of as many as start within two seconds."""
    best, made, begin = float("inf"), b"", perf_counter()
    for _ in range(3):
        start = perf_counter()
        if start - begin > PATIENCE:
            break
        made = run()
        best = min(best, perf_counter() - start)
    return best, made


def formats(known: Report) -> Iterator[tuple[str, Callable[[], bytes]]]:
    judgement = judged(known)
    for name in sorted({*names()} - {*OF_A_FEW}):
        yield name, lambda name=name: reporter(name)(known)
    for name, write in JUDGEMENT_REPORTERS.items():
        yield f"gate {name}", lambda write=write: write(judgement)


def first_answer(browser: Browser, page: bytes, folder: Path) -> float:
    """Seconds from navigation until a key moves the cursor, or until the page is loaded where it has no matrix."""
    file = folder / "page.html"
    file.write_bytes(page)
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    start = perf_counter()
    tab.goto(file.as_uri())
    if tab.locator(".under-locked canvas").count():
        tab.focus(".under-locked canvas")
        tab.keyboard.press("ArrowRight")
        tab.wait_for_function("document.querySelector('.readout').textContent.includes('\u00d7')")
    tab.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    took = perf_counter() - start
    tab.close()
    return took


def measure(size: int, browser: Browser, folder: Path) -> None:
    known = report(size)
    print(f"\n{size} services, {len(known.conflicts)} conflicts")
    values = [asdict(conflict) for conflict in known.conflicts]
    plain, _ = seconds(lambda: json.dumps(values).encode())
    print(f"  {'format':18} {'ms':>9} {'x json.dumps':>13} {'bytes':>12}")
    print(f"  {'json.dumps':18} {plain * 1000:9.0f} {1:13.1f}")
    for name, write in formats(known):
        took, made = seconds(write)
        print(f"  {name:18} {took * 1000:9.0f} {took / plain:13.1f} {len(made):12,}", flush=True)
        if name == "html":
            empty = min(first_answer(browser, b"<!doctype html><title>empty</title>", folder) for _ in range(3))
            answer = min(first_answer(browser, made, folder) for _ in range(3))
            print(
                f"  first answer in Chromium {answer * 1000:.0f} ms, {answer / empty:.1f} x an empty page", flush=True
            )


def main() -> None:
    sizes = [int(text) for text in sys.argv[1:]] or SIZES
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as running, TemporaryDirectory() as folder:
        browser = running.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for size in sizes:
            measure(size, browser, Path(folder))
        browser.close()


if __name__ == "__main__":
    main()
