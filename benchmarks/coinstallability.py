"""Times co-installability on a full Debian index against libsolv, dose, apt and coinst, in one run.

    python -m benchmarks.coinstallability [PACKAGES]

PACKAGES is a ``Packages`` file, in any compression; by default the largest of this machine's apt lists. Each
line prints the figures and the ratio to the named alternative. Services are the packages in
``debian_services.txt`` that the index has. Needs dose-debcheck, coinst and apt-get.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from analyzer.coinstall.coinstallability import Coinstallability
from analyzer.coinstall.installable import uninstallable
from analyzer.coinstall.survey import Survey
from analyzer.origin import Origin
from analyzer.package import Package
from analyzer.requirement import Requirement
from analyzer.universe import Universe
from resolvers.deb.universe import read_universe

SERVICES = Path(__file__).with_name("debian_services.txt")
LISTS = Path("/var/lib/apt/lists")
T = TypeVar("T")


def main() -> None:
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else max(LISTS.glob("*_Packages*"), key=lambda p: p.stat().st_size)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "Packages"
        plain.write_bytes(_plain(given))
        universe = _reading(plain, Path(folder))
        names = _services(universe)
        found, per_pair = _pairs(universe, names)
        _against_libsolv(universe, names, found, per_pair)
        _against_dose(plain, names, per_pair, Path(folder))
        _against_apt(plain, names, per_pair, Path(folder))
        _triples(universe, names)
        _whole_archive(universe, plain)
        _memory(plain)


def _memory(plain: Path) -> None:
    """In a process that does nothing else."""
    program = (
        "import sys; from pathlib import Path; from benchmarks.coinstallability import alone; alone(Path(sys.argv[1]))"
    )
    subprocess.run([sys.executable, "-c", program, str(plain)], check=True)


def alone(plain: Path) -> None:
    """Everything that is timed here, without the alternatives; prints the peak of the process's memory."""
    universe = read_universe([plain])
    _survey(universe, _services(universe), 3)
    uninstallable(universe, range(len(universe.units)))
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    started = time.perf_counter()
    result = work()
    return result, time.perf_counter() - started


def _plain(path: Path) -> bytes:
    from resolvers.inflate import Inflated
    from resolvers.members import LIMITS

    with path.open("rb") as file:
        stream = Inflated(file, LIMITS)
        return b"".join(iter(lambda: stream.read(1 << 20), b""))


def _reading(plain: Path, folder: Path) -> Universe:
    from debian.deb822 import Packages

    def with_deb822() -> int:
        with plain.open() as file:
            return sum(1 for _ in Packages.iter_paragraphs(file, use_apt_pkg=False))

    universe, first = _timed(lambda: read_universe([plain]))
    read_universe([plain], cache=folder / "cache")
    _, second = _timed(lambda: read_universe([plain], cache=folder / "cache"))
    count, slow = _timed(with_deb822)
    print(f"{universe.name}: read in {first:.2f} s, again in {second:.2f} s; deb822 {slow:.2f} s for {count:,}: "
          f"ratio {slow / first:.1f}, again {slow / second:.1f}")  # fmt: skip
    return universe


def _services(universe: Universe) -> list[str]:
    """The services of the list that can be installed alone."""
    known = {unit.name for unit in universe.units}
    judge = Coinstallability(universe)
    return [name for name in SERVICES.read_text().split() if name in known and judge.fit([_asking(name)])]


def _asking(name: str) -> Requirement:
    return Requirement(Package("deb", name), "", Origin("benchmark"))


def _survey(universe: Universe, names: Iterable[str], size: int) -> list[frozenset[str]]:
    judge = Coinstallability(universe)
    return list(Survey(judge, {name: (_asking(name),) for name in names}).clashes(size))


def _pairs(universe: Universe, names: Sequence[str]) -> tuple[set[frozenset[str]], float]:
    found, seconds = _timed(lambda: _survey(universe, names, 2))
    number = len(names) * (len(names) - 1) // 2
    print(f"all {number:,} pairs of {len(names)} services: {seconds:.2f} s, encoding included, "
          f"{seconds / number * 1e6:.0f} µs a pair, {len(found)} conflicts")  # fmt: skip
    return set(found), seconds / number


def _against_libsolv(universe: Universe, names: Sequence[str], found: set[frozenset[str]], per_pair: float) -> None:
    """The same cone as a libsolv pool, unit by unit, so that both solve the very same clauses."""
    pool, solvables = _pool(universe, names)
    pairs = list(combinations(names, 2))
    numbers = {name: universe.demanded(_asking(name)) for name in names}

    def clash(pair: tuple[str, str]) -> bool:
        import solv

        solver = pool.Solver()
        solver.set_flag(solv.Solver.SOLVER_FLAG_IGNORE_RECOMMENDED, 1)
        wanted = [*universe.base, *(need for name in pair for need in numbers[name] or ())]
        choices = (pool.towhatprovides([solvables[unit].id for unit in need.any_of]) for need in wanted)
        install = solv.Job.SOLVER_INSTALL | solv.Job.SOLVER_SOLVABLE_ONE_OF
        return bool(solver.solve([pool.Job(install, choice) for choice in choices]))

    theirs, seconds = _timed(lambda: {frozenset(pair) for pair in pairs if clash(pair)})
    differing = len(theirs ^ {group for group in found if len(group) == 2})
    print(f"libsolv on the same cone: {seconds:.1f} s for {len(pairs):,} pairs, {differing} verdicts differ: "
          f"ratio {seconds / len(pairs) / per_pair:.1f}")  # fmt: skip


def _pool(universe: Universe, names: Sequence[str]) -> tuple[Any, dict[int, Any]]:
    import solv

    judge = Coinstallability(universe)
    judge.fit([_asking(name) for name in names])
    cone = sorted(unit for unit in judge.encoding.units if unit >= 0)
    pool = solv.Pool()
    pool.setarch("x86_64")
    repository = pool.add_repo("cone")
    solvables = {}
    for unit in cone:
        solvables[unit] = one = repository.add_solvable()
        one.name, one.evr, one.arch = f"u{unit}", "1-1", "noarch"
        one.add_provides(pool.rel2id(pool.str2id(f"u{unit}"), pool.str2id("1-1"), solv.REL_EQ))
    for unit in cone:
        for number, need in enumerate(universe.needs(unit)):
            capability = pool.str2id(f"n{unit}-{number}")
            solvables[unit].add_requires(capability)
            for other in need.any_of:
                solvables[other].add_provides(capability)
        for exclusion in universe.exclusions(unit):
            for other in exclusion.others:
                if other in solvables:
                    solvables[unit].add_conflicts(pool.str2id(f"u{other}"))
    pool.createwhatprovides()
    return pool, solvables


def _against_dose(plain: Path, names: Sequence[str], per_pair: float, folder: Path) -> None:
    """One run a pair, as a tool would that has no service to keep; on the cone of all services."""
    cone = folder / "cone"
    cone.write_text(_cone(plain, names))
    pairs = Random(1).sample(list(combinations(names, 2)), 20)

    def run() -> None:
        for pair in pairs:
            wanted = ",".join(f"{name}:amd64" for name in pair)
            command = ["dose-debcheck", "--deb-native-arch=amd64", "--coinst", wanted, str(cone)]
            subprocess.run(command, capture_output=True, check=False)

    _, seconds = _timed(run)
    each = seconds / len(pairs)
    print(f"dose-debcheck --coinst on the cone: {each:.2f} s a pair: ratio {each / per_pair:,.0f}")


def _cone(plain: Path, names: Sequence[str]) -> str:
    universe = read_universe([plain])
    judge = Coinstallability(universe)
    judge.fit([_asking(name) for name in names])
    wanted = {universe.units[unit].name for unit in judge.encoding.units if unit >= 0}
    stanzas = plain.read_text().split("\n\n")
    return "\n\n".join(s for s in stanzas if s.partition("\n")[0].removeprefix("Package: ") in wanted) + "\n"


def _against_apt(plain: Path, names: Sequence[str], per_pair: float, folder: Path) -> None:
    pairs = Random(2).sample(list(combinations(names, 2)), 5)
    empty = folder / "status"
    empty.touch()

    def run() -> None:
        for pair in pairs:
            options = ["-o", f"Dir::State::status={empty}", "--no-install-recommends"]
            subprocess.run(["apt-get", "-s", *options, "install", *pair], capture_output=True, check=False)

    _, seconds = _timed(run)
    each = seconds / len(pairs)
    print(f"apt-get -s install on this machine's lists: {each:.2f} s a pair: ratio {each / per_pair:,.0f}")


def _triples(universe: Universe, names: Sequence[str]) -> None:
    found, seconds = _timed(lambda: _survey(universe, names, 3))
    larger = [sorted(group) for group in found if len(group) == 3]
    print(f"every minimal conflict of three among {len(names)} services: {len(larger)} in {seconds:.1f} s"
          f"{'; ' if larger else ''}{', '.join(' + '.join(group) for group in larger[:3])}")  # fmt: skip


def _whole_archive(universe: Universe, plain: Path) -> None:
    broken, ours = _timed(lambda: uninstallable(universe, range(len(universe.units))))
    command = ["dose-debcheck", "--deb-native-arch=amd64", "--failures", str(plain)]
    output, theirs = _timed(lambda: subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    said = next((line.rpartition(" ")[2] for line in output.splitlines() if line.startswith("broken-packages")), "?")
    with plain.open("rb") as file:
        _, reduced = _timed(
            lambda: subprocess.run(
                ["coinst", "-conflict-pairs-only"], stdin=file, cwd=plain.parent, capture_output=True, check=False
            )
        )
    print(f"every package alone: {len(broken)} cannot be installed, {ours:.1f} s; dose-debcheck finds {said} in "
          f"{theirs:.1f} s: ratio {theirs / ours:.1f}; coinst -conflict-pairs-only {reduced:.1f} s")  # fmt: skip


if __name__ == "__main__":
    main()
