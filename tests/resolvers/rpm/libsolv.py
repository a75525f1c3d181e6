"""libsolv as a judge, in a process of its own: questions as lines of JSON on its standard input, answers
on its standard output.

It is set up as dnf does it, but without weak dependencies; with ``one_architecture`` as libsolv is where
nothing is set (one architecture of each name).
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

Answer = Mapping[str, Any]
"""``verdicts`` (true: can be installed together), ``first``, the first problem of each set that cannot, and
the ``seconds`` for all of them."""


class Libsolv:
    """A judge that answers until it is closed."""

    def __enter__(self) -> Libsolv:
        command = [sys.executable, __file__]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.communicate()

    def judged(
        self,
        repositories: Sequence[Path],
        sets: Iterable[Sequence[str]],
        *,
        by: str = "name",
        one_architecture: bool = False,
    ) -> Answer:
        """``by`` is ``name`` or ``capability``, which may be a rich dependency."""
        question = {
            "repositories": [str(folder) for folder in repositories],
            "sets": [list(names) for names in sets],
            "by": by,
            "one_architecture": one_architecture,
        }
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        found: Answer = json.loads(self._process.stdout.readline())
        return found


def _answer(question: Mapping[str, Any]) -> Answer:
    started = time.perf_counter()
    pool = _pool(question)
    loaded = time.perf_counter()
    problems = [_problem(pool, names, question["by"]) for names in question["sets"]]
    times = {"load": loaded - started, "seconds": time.perf_counter() - loaded}
    return {"verdicts": [not problem for problem in problems], "first": problems, **times}


def _pool(question: Mapping[str, Any]) -> Any:
    import solv

    pool = solv.Pool()
    pool.setarch("x86_64")
    pool.set_flag(pool.POOL_FLAG_IMPLICITOBSOLETEUSESCOLORS, 0 if question["one_architecture"] else 1)
    for folder in question["repositories"]:
        repository = pool.add_repo(folder)
        _load(repository, folder, "primary", 0)
        _load(repository, folder, "filelists", repository.REPO_EXTEND_SOLVABLES)
    pool.addfileprovides()
    pool.createwhatprovides()
    return pool


def _load(repository: Any, folder: str, kind: str, flags: int) -> None:
    import solv

    for path in Path(folder, "repodata").glob(f"*{kind}.xml*"):
        stream = solv.xfopen(str(path))
        if not repository.add_rpmmd(stream, None, flags):
            raise ValueError(repository.pool.errstr)
        stream.close()


def _problem(pool: Any, names: Sequence[str], by: str) -> str:
    solver = pool.Solver()
    solver.set_flag(solver.SOLVER_FLAG_IGNORE_RECOMMENDED, 1)
    problems = solver.solve([_job(pool, name, by) for name in names])
    return str(problems[0]) if problems else ""


def _job(pool: Any, name: str, by: str) -> Any:
    import solv

    wanted = pool.parserpmrichdep(name) if name.startswith("(") else pool.str2id(name)
    select = solv.Job.SOLVER_SOLVABLE_NAME if by == "name" else solv.Job.SOLVER_SOLVABLE_PROVIDES
    return pool.Job(solv.Job.SOLVER_INSTALL | select, wanted)


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(_answer(json.loads(line))), flush=True)
