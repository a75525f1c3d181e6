"""Graph colouring, of which housing is a case: the planner on classical families against networkx's strategies.

    python benchmarks/colouring.py [NAME ...] [--seconds 60]

A NAME selects the instances that start with it. "known" is the least number of colours in the
literature, or what was planted or the clique number; "~" where it is of another random graph with
the same parameters. "quick" is the time until the planner has as few colours as networkx's DSATUR.
Times are of the processor, so that a busy machine doesn't change them; what takes less than a
tenth of a second is run five times, and the shortest counts, for both.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from itertools import combinations
from math import dist
from pathlib import Path
from random import Random
from time import process_time
from typing import Any, TypeVar

import networkx as nx

sys.path.insert(0, str(Path(__file__).parents[1]))

from analyzer.planner.bits import adjacency
from analyzer.planner.classwise import quick
from analyzer.planner.partition import Exclusions, partition

STRATEGIES = (
    "saturation_largest_first",
    "largest_first",
    "smallest_last",
    "random_sequential",
    "connected_sequential_bfs",
    "connected_sequential_dfs",
    "independent_set",
)
Instance = tuple[str, str, Callable[[], Any]]
T = TypeVar("T")


def queens(size: int) -> Any:
    """Squares of a chess board, two joined where a queen moves between them (DIMACS queen5_5, …)."""
    graph = nx.Graph()
    for (r, c), (s, d) in combinations([(r, c) for r in range(size) for c in range(size)], 2):
        if r == s or c == d or abs(r - s) == abs(c - d):
            graph.add_edge((r, c), (s, d))
    return graph


def random_graph(vertices: int, density: float) -> Any:
    """G(n, p), as DSJC125.1 and the like (Johnson, Aragon, McGeoch and Schevon 1991)."""
    return nx.gnp_random_graph(vertices, density, seed=vertices)


def geometric(vertices: int, radius: float, complement: bool = False) -> Any:
    """Points in the unit square, joined where they are near, as R125.1 and the like; far, in the complement."""
    random = Random(vertices)
    points = [(random.random(), random.random()) for _ in range(vertices)]
    graph = nx.empty_graph(vertices)
    graph.add_edges_from(
        (i, j) for i, j in combinations(range(vertices), 2) if (dist(points[i], points[j]) < radius) != complement
    )
    return graph


def leighton(vertices: int, colours: int, edges: int) -> Any:
    """Cliques of all sizes up to ``colours`` across as many equal parts, one full clique among them (le450_5a, …)."""
    random = Random(vertices * colours + edges)
    graph = nx.empty_graph(vertices)
    size = colours
    while graph.size() < edges:
        parts = random.sample(range(colours), size)
        clique = [part + colours * random.randrange(vertices // colours) for part in parts]
        graph.add_edges_from(combinations(clique, 2))
        size = random.randint(2, colours)
    return graph


def intervals(vertices: int, length: float) -> Any:
    """Live ranges of values in a straight piece of code: joined where they overlap; colours are registers."""
    random = Random(vertices)
    starts = [random.random() * vertices for _ in range(vertices)]
    ranges = [(start, start + random.expovariate(1 / length)) for start in starts]
    graph = nx.empty_graph(vertices)
    graph.add_edges_from((i, j) for i, j in combinations(range(vertices), 2) if _overlap(ranges[i], ranges[j]))
    return graph


def _overlap(first: tuple[float, float], second: tuple[float, float]) -> bool:
    return max(first[0], second[0]) < min(first[1], second[1])


def instances() -> Iterator[Instance]:
    for k in range(3, 8):
        yield f"myciel{k}", str(k + 1), lambda k=k: nx.mycielski_graph(k + 1)
    for n, known in zip(range(5, 12), (5, 7, 7, 9, 10, 11, 11), strict=True):
        yield f"queen{n}_{n}", str(known), lambda n=n: queens(n)
    for n, p, known in ((125, 1, 5), (125, 5, 17), (125, 9, 44), (250, 1, 8), (250, 5, 28), (250, 9, 72)):
        yield f"random{n}.{p}", f"~{known}", lambda n=n, p=p: random_graph(n, p / 10)
    for n, r, known in ((125, 1, 5), (125, 5, 36), (250, 1, 8), (250, 5, 65), (500, 1, 12), (1000, 1, 20)):
        yield f"geometric{n}.{r}", f"~{known}", lambda n=n, r=r: geometric(n, r / 10)
    for n, known in ((125, 46), (250, 64)):
        yield f"geometric{n}.1c", f"~{known}", lambda n=n: geometric(n, 0.1, complement=True)
    for k, sparse, dense in ((5, 5714, 9803), (15, 8168, 16680), (25, 8260, 17343)):
        yield f"leighton450_{k}a", str(k), lambda k=k, m=sparse: leighton(450, k, m)
        yield f"leighton450_{k}c", str(k), lambda k=k, m=dense: leighton(450, k, m)
    yield "leighton1000_20", "20", lambda: leighton(1000, 20, 40000)
    for n, length in ((200, 10), (500, 20), (1000, 30)):
        yield f"intervals{n}", "clique", lambda n=n, length=length: intervals(n, length)


def rivals(graph: Any) -> dict[str, tuple[int, float]]:
    """The colours and seconds of every strategy of networkx that can colour the graph."""
    found = {}
    for strategy in STRATEGIES:
        colours, seconds = timed(partial(nx.greedy_color, graph, strategy))
        found[strategy] = len(set(colours.values())), seconds
    return found


def first(graph: Any, enough: int) -> tuple[int, float]:
    """The colours and seconds of the planner's first colouring, which stops at ``enough``."""
    adjacent = adjacency({v: set(graph[v]) for v in graph}, graph)
    classes, seconds = timed(partial(quick, adjacent, enough))
    return len(classes), seconds


def timed(task: Callable[[], T]) -> tuple[T, float]:
    """What the task makes, and the processor seconds of its shortest run."""
    seconds = []
    for _ in range(5):
        start = process_time()
        made = task()
        seconds.append(process_time() - start)
        if seconds[0] > 0.1:
            break
    return made, min(seconds)


def compare(name: str, known: str, graph: Any, seconds: float) -> None:
    graph = nx.convert_node_labels_to_integers(graph)
    services = tuple(f"s{v:05}" for v in graph)
    pairs = frozenset(frozenset((services[a], services[b])) for a, b in graph.edges)
    start = process_time()
    found = partition(Exclusions(services, pairs), seconds=seconds)
    taken = process_time() - start
    others = rivals(graph)
    saturation, slow = others[STRATEGIES[0]]
    colours, fast = first(graph, saturation)
    state = "proven" if found.proven else "open"
    print(
        f"{name:<17} {len(graph):>5} {graph.size():>6}  known {known:>6}  ours {len(found.groups):>3}"
        f"  bound {found.lower_bound:>3}  {state:<6} {taken:7.2f} s"
        f"  quick {colours:>3} in {fast * 1000:7.2f} ms, {slow / fast:5.0f} times DSATUR's speed  |  "
        + "  ".join(f"{strategy} {count} {spent:.3f} s" for strategy, (count, spent) in others.items()),
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", default=[""])
    parser.add_argument("--seconds", type=float, default=60)
    given = parser.parse_args()
    for module in ("ortools.sat.python.cp_model", "ortools.linear_solver.pywraplp", "numpy"):
        import_module(module)
    for name, known, graph in instances():
        if name.startswith(tuple(given.names)):
            compare(name, known, graph(), given.seconds)


if __name__ == "__main__":
    main()
