"""The planner on fleets of up to 10,000 services, against networkx's greedy colourings in the same run.

    python benchmarks/planner.py [PART ...] [--seconds 60] [--patience 60]

"density" is 1,000 services of which 5 to 30 % of the pairs clash, "seeds" ten more fleets of its
first family at each density, "growth" the same share of clashing pairs on 100 to 10,000 services,
"large" is 10,000 services with 400 to 850,000 conflicts. There
DSATUR gets a hundred times as long as the planner took, but no more than ``patience`` seconds, in a process
of its own and is then killed; how many times as long as the planner it took is printed as "at least".

"rivals" compares with several strategies: a ratio above 1 in "groups" is what the greedy one wastes;
one below 1 in "time" is what it saves. "questions" is the loop that learns conflicts from a judge.
Times are of the processor, so that a busy machine doesn't change them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from importlib import import_module
from itertools import combinations
from math import ceil
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from resource import RLIMIT_CPU, setrlimit
from time import process_time

import networkx as nx

sys.path.insert(0, str(Path(__file__).parents[1]))

from analyzer.boundary import Boundary
from analyzer.planner.lazy import settle
from analyzer.planner.partition import Exclusions, Partition, partition
from analyzer.planner.site import Site, Tier
from analyzer.verdict import Compatible, Grade, Stance, Witness

DSATUR = "saturation_largest_first"
STRATEGIES = ("largest_first", "smallest_last", DSATUR)
SHARES = (0.05, 0.1, 0.2, 0.3)
Pairs = frozenset[frozenset[str]]
Family = Callable[[list[str], Random, int], Pairs]


def anywhere(services: list[str], random: Random, count: int) -> Pairs:
    """So many conflicts, anywhere: the hardest there is, and no fleet's shape."""
    pairs: set[frozenset[str]] = set()
    while len(pairs) < count:
        pairs.add(frozenset(random.sample(services, 2)))
    return frozenset(pairs)


def planted(services: list[str], random: Random, count: int) -> Pairs:
    """Conflicts between 20 stacks only, so that 20 groups are enough, and one service of each that all clash."""
    stack = {service: i % 20 for i, service in enumerate(services)}
    pairs = {frozenset(pair) for pair in combinations(services[:20], 2)}
    while len(pairs) < count:
        first, second = random.sample(services, 2)
        if stack[first] != stack[second]:
            pairs.add(frozenset((first, second)))
    return frozenset(pairs)


def versions(services: list[str], random: Random, count: int) -> Pairs:
    """Shared packages, each locked at one of up to five versions by each of its users, who clash across versions."""
    return _packages(services, random, count, stragglers=1.0)


def generations(services: list[str], random: Random, count: int) -> Pairs:
    """Shared packages of which nine users in ten have the version of their own age, as services are written once."""
    return _packages(services, random, count, stragglers=0.1)


def _packages(services: list[str], random: Random, count: int, stragglers: float) -> Pairs:
    """A union of complete multipartite graphs; packages have users by the dozen, whatever the number of conflicts."""
    age = {service: random.random() for service in services}
    most = max(3, min(len(services), int((count / 5) ** 0.5)))
    pairs: set[frozenset[str]] = set()
    while len(pairs) < count:
        users = random.sample(services, random.randint(2, most))
        releases = sorted(random.random() for _ in range(random.randint(1, 4)))
        locked = {
            user: sum(
                release < (random.random() if random.random() < stragglers else age[user]) for release in releases
            )
            for user in users
        }
        pairs |= {frozenset((a, b)) for a, b in combinations(users, 2) if locked[a] != locked[b]}
    return frozenset(pairs)


def platforms(services: list[str], random: Random, count: int) -> Pairs:
    """Departments that release their base packages together; services keep what was current when they were written.

    A department has six packages in four to eight releases. Its services, and one in ten of the next
    department's, use most of them; one lock in four is a release behind. One service in ten uses
    a library of the whole fleet in one of three versions. About ``count`` conflicts: the fewer, the
    smaller departments are.
    """
    departments = max(1, round(0.55 * len(services) ** 2 / count))
    pairs: set[frozenset[str]] = set()
    for department in range(departments):
        last = random.randint(3, 7)
        guests = (s for s in services[(department + 1) % departments :: departments] if random.random() < 0.1)
        users = dict.fromkeys([*services[department::departments], *guests])
        pairs |= _apart({user: _stack(random, last) for user in users})
    return frozenset(pairs | _apart({s: {0: random.randrange(3)} for s in services if random.random() < 0.1}))


def _stack(random: Random, last: int) -> dict[int, int]:
    """The versions of a department's packages that a service locks."""
    release = random.randint(0, last)
    used = [package for package in range(6) if random.random() < 0.7]
    return {package: max(0, release - (random.random() < 0.25)) for package in used}


def _apart(stacks: dict[str, dict[int, int]]) -> Pairs:
    return frozenset(frozenset(pair) for pair in combinations(stacks, 2) if _clash(stacks[pair[0]], stacks[pair[1]]))


def _clash(one: dict[int, int], other: dict[int, int]) -> bool:
    return any(version != other.get(package, version) for package, version in one.items())


def teams(services: list[str], random: Random, count: int) -> Pairs:
    """Teams of 25; inside a team each picked one of four stacks, half of the pairs across stacks clash."""
    pairs = set(anywhere(services[::10], random, count // 10))
    for start in range(0, len(services), 25):
        stack = {service: random.randrange(4) for service in services[start : start + 25]}
        across = (pair for pair in combinations(stack, 2) if stack[pair[0]] != stack[pair[1]])
        pairs |= {frozenset(pair) for pair in across if random.random() < 0.5}
    return frozenset(pairs)


def crowd(services: list[str], random: Random, count: int) -> Pairs:
    """A hundred services with half of all conflicts that they could have, or ``count``; the others live with anyone."""
    return anywhere(services[:100], random, min(count, 2475))


def planned(
    size: int, family: Family, count: int, seconds: float, seed: int = 0
) -> tuple[Exclusions, Partition, float]:
    """A fleet, its plan and the seconds that planning took; one line about them."""
    services = [f"s{i:05}" for i in range(size)]
    given = Exclusions(tuple(services), family(services, Random(size + seed), count))
    start = process_time()
    found = partition(given, seconds=seconds)
    taken = process_time() - start
    gap = len(found.groups) / max(found.lower_bound, 1) - 1
    state = "proven" if found.proven else f"at least {found.lower_bound}, {gap:.1%} off at most"
    print(
        f"{size:>6} services, {len(given.conflicts):>6} conflicts, {family.__name__:<11}"
        f" {len(found.groups):>3} groups ({state}) in {taken:.2f} s",
        flush=True,
    )
    return given, found, taken


def rival(exclusions: Exclusions, strategy: str, patience: int | None = None) -> tuple[int, float]:
    """The groups that a strategy needs, and its seconds, without those for making the graph.

    With ``patience`` the process is killed once the strategy has had so many seconds.
    """
    graph = nx.Graph()
    graph.add_nodes_from(exclusions.services)
    graph.add_edges_from(tuple(sorted(pair)) for pair in exclusions.conflicts)
    start = process_time()
    if patience is not None:
        limit = ceil(start) + patience
        setrlimit(RLIMIT_CPU, (limit, limit))
    return 1 + max(nx.greedy_color(graph, strategy).values()), process_time() - start


def _answer(exclusions: Exclusions, strategy: str, patience: int, answer: Connection) -> None:
    answer.send(rival(exclusions, strategy, patience))


def patient(exclusions: Exclusions, strategy: str, patience: int) -> tuple[int, float] | None:
    """What a strategy finds in a process of its own within so many seconds; None where that was killed."""
    context = get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(exclusions, strategy, patience, sending))
    process.start()
    # The only writer left is the process: its end, however it comes, is the end of the pipe.
    sending.close()
    try:
        return receiving.recv()
    except EOFError:
        return None
    finally:
        process.join()


def against_dsatur(size: int, family: Family, count: int, seconds: float, patience: int) -> None:
    given, found, taken = planned(size, family, count, seconds)
    allowed = min(patience, ceil(100 * taken))
    other = patient(given, DSATUR, allowed)
    if other is None:
        print(
            f"       DSATUR takes at least {allowed / taken:.0f} times as long (killed after {allowed} s)", flush=True
        )
        return
    groups, slow = other
    print(f"       DSATUR takes {slow / taken:.1f} times as long for {groups} groups, ours {len(found.groups)}")


def against_strategies(size: int, family: Family, count: int, seconds: float) -> None:
    given, found, taken = planned(size, family, count, seconds)
    for strategy in STRATEGIES:
        groups, other = rival(given, strategy)
        print(f"       {strategy:<26} groups {groups / len(found.groups):.2f}   time {other / taken:.2f}", flush=True)


def questions(size: int) -> None:
    """The lazy loop with conflicts of two and three that only the judge knows, who gives minimal cores."""
    services = [f"s{i:05}" for i in range(size)]
    random = Random(size)
    hidden = {frozenset(random.sample(services, random.choice((2, 3)))) for _ in range(size // 5)}
    asked = 0

    def judge(group: frozenset[str]) -> Compatible | frozenset[str]:
        nonlocal asked
        asked += 1
        clashing = min((core for core in hidden if core <= group), key=sorted, default=None)
        return clashing or Compatible(tuple(sorted(group)), Stance.LOCKED, Grade.AS_LOCKED, Witness(()))

    start = process_time()
    site = Site(tuple(services), (Tier(Boundary.CONTAINER),))
    [level] = settle(site, {Boundary.CONTAINER: judge}, seconds=20).nested.levels
    bound, pairs = 4 * len(hidden) + 10, size * (size - 1) // 2
    seconds = process_time() - start
    print(f"{size:>6} services, {len(hidden):>6} hidden conflicts: {len(level.groups)} groups")
    print(f"       {asked} questions, {asked / bound:.2f} of 4k+10, {asked / pairs:.4f} of the pairs ({seconds:.3f} s)")


def density(seconds: float, _: int) -> None:
    for family in (platforms, generations, versions, planted, anywhere):
        for share in SHARES:
            planned(1000, family, int(share * 1000 * 999 / 2), seconds)


def seeds(seconds: float, _: int) -> None:
    for share in SHARES:
        for seed in range(1, 11):
            planned(1000, platforms, int(share * 1000 * 999 / 2), seconds, seed)


def growth(seconds: float, _: int) -> None:
    for family in (generations, versions):
        for size in (100, 300, 1000, 3000, 10_000):
            planned(size, family, int(0.017 * size * (size - 1) / 2), seconds)


def large(seconds: float, patience: int) -> None:
    for family in (generations, versions, anywhere):
        for count in (400, 10_000, 100_000, 850_000):
            against_dsatur(10_000, family, count, seconds, patience)


def rivals(seconds: float, _: int) -> None:
    for size in (100, 1000, 5000):
        for family in (anywhere, teams, crowd):
            against_strategies(size, family, 3 * size, seconds)


def loop(_: float, __: int) -> None:
    for size in (100, 1000, 5000):
        questions(size)


PARTS: dict[str, Callable[[float, int], None]] = {
    "density": density,
    "seeds": seeds,
    "growth": growth,
    "large": large,
    "rivals": rivals,
    "questions": loop,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", default=list(PARTS))
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--patience", type=int, default=60)
    given = parser.parse_args()
    if unknown := set(given.parts) - PARTS.keys():
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    for module in ("ortools.sat.python.cp_model", "ortools.linear_solver.pywraplp", "numpy"):
        import_module(module)
    for part in given.parts:
        print(part)
        PARTS[part](given.seconds, given.patience)


if __name__ == "__main__":
    main()
