"""Processes that can be killed: what one item does never costs another."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analyzer.errors import CohabitError
from resolvers.workers import Limits, Lost, Workers

HOME = Path(__file__).resolve().parents[2]


def recurse() -> str:
    return recurse()


def refuse() -> str:
    raise CohabitError("no such thing")


DEEDS = {
    "sleep": lambda: time.sleep(600),
    "exit": lambda: os._exit(11),
    "leave": lambda: sys.exit(3),
    "crash": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "eat": lambda: str(len(bytearray(4 * 2**30))),
    "recurse": recurse,
    "raise": lambda: {}["a secret: hunter2"],
    "refuse": refuse,
    "print": lambda: print("noise on the standard output", flush=True) or "print",
    "large": lambda: "x" * 5_000_000,
}


def misbehave(deed: str) -> str:
    """Does what its item says."""
    return DEEDS.get(deed, lambda: deed)()


LOSSES = {
    "sleep": "took more than 2 seconds",
    "exit": "ended its process with code 11",
    "leave": "ended its process with code 3",
    "crash": "crashed (SIGSEGV)",
    "eat": "took more than 512 MiB of memory",
    "recurse": "failed: RecursionError",
    "raise": "failed: KeyError",
    "refuse": "failed: no such thing",
}
LIMITS = Limits(seconds=2, memory=512 * 2**20)


def living(group: int) -> list[str]:
    """The processes of a process group, zombies among them."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = entry.read_text().rpartition(") ")
        except OSError:
            continue
        if rest.split()[2] == str(group):
            found.append(name)
    return found


@pytest.fixture(scope="module")
def workers() -> Workers[str, str]:
    with Workers(misbehave, 3, LIMITS) as started:
        yield started


def test_each_fault_costs_one_item_and_has_its_reason(workers: Workers[str, str]) -> None:
    items = [word for deed in LOSSES for word in (deed, f"good {deed}")]
    expected = [Lost(LOSSES[item]) if item in LOSSES else item for item in items]
    assert workers.map(items) == expected


def test_results_keep_their_order_whatever_their_size_and_batch(workers: Workers[str, str]) -> None:
    heard: list[int] = []
    items = ["large", "print", *map(str, range(40))]
    assert workers.map(items, heard.append) == ["x" * 5_000_000, *items[1:]]
    assert sorted(heard) == list(range(len(items)))
    assert workers.map([]) == []
    assert workers.map(["again"]) == ["again"]


def test_nothing_is_left_behind_when_the_caller_fails() -> None:
    with pytest.raises(ZeroDivisionError), Workers(misbehave, 3, LIMITS) as workers:
        group = workers._process.pid
        workers.map(["good", "sleep", "sleep"], lambda number: 1 // number)
    assert living(group) == []


def test_a_server_that_cannot_start_loses_every_item_with_the_reason() -> None:
    with Workers(misbehave, 1, LIMITS) as workers:
        os.kill(workers._process.pid, signal.SIGKILL)
        lost = workers.map(["a", "b"])
    assert [isinstance(item, Lost) and item.reason.startswith("could not start") for item in lost] == [True, True]


CALLER = """
import sys
sys.path[:0] = [{home!r}, {tests!r}]
from test_workers import misbehave
from resolvers.workers import Limits, Workers
with Workers(misbehave, 2, Limits(60)) as workers:
    print(workers._process.pid, flush=True)
    workers.map(["sleep", "sleep"])
"""


@pytest.mark.parametrize("blow", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_processes_end_with_the_caller(blow: signal.Signals) -> None:
    code = CALLER.format(home=str(HOME), tests=str(Path(__file__).parent))
    caller = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert caller.stdout is not None
    group = int(caller.stdout.readline())
    _until(lambda: len(living(group)) == 3)
    caller.send_signal(blow)
    caller.wait(10)
    caller.stdout.close()
    _until(lambda: living(group) == [])


def _until(condition) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_tighter_limit_of_the_callers_own_stays() -> None:
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (2**29, 2**29));"
        f"sys.path[:0] = [{str(HOME)!r}, {str(Path(__file__).parent)!r}];"
        "from test_workers import misbehave; from resolvers.workers import Limits, Workers\n"
        "with Workers(misbehave, 1, Limits(60)) as workers: print(workers.map(['fine', 'eat']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "['fine', Lost(reason='took more than 2048 MiB of memory')]\n"
