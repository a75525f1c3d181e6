"""Applies a function to many items, each in a process of its own that can be killed.

A server process imports what the function needs once, then forks for every item: a fork costs a few
milliseconds where a new interpreter costs its imports. The server runs one thread, so that forking is
safe whatever threads the caller has, and neither imports the caller's ``__main__`` nor anything from
the caller's working directory (``docs/decisions/0005-workers.md``).
"""

from __future__ import annotations

import os
import pickle
import resource
import signal
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, Pipe, wait
from multiprocessing.context import ForkProcess
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Generic, TypeVar

from analyzer.errors import CohabitError

T = TypeVar("T")
R = TypeVar("R")

_HOME = Path(__file__).resolve().parent.parent
_GRACE = 2.0
"""Seconds that a process may take to end once it has answered."""

# The folder of the three packages goes first while they are imported, and only then: what lies beside
# them may not hide the standard library, nor a folder earlier on the path the three packages.
_START = """
import sys
sys.path[:] = [sys.argv[2], *sys.argv[3:]]
import analyzer, resolvers, reports
del sys.path[0]
from resolvers.workers import serve
serve(int(sys.argv[1]))
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one item may cost: seconds of wall time and bytes of address space."""

    seconds: float = 30.0
    memory: int = 2 * 2**30


@dataclass(frozen=True, slots=True)
class Lost:
    """An item without a result, and why: a clause such as ``took more than 30 seconds``."""

    reason: str


class Workers(Generic[T, R]):
    """A server process that applies ``function`` to items, in at most ``count`` processes at once.

    ``function`` and the items are pickled: it must be importable by name. Folders in ``shun``, and the
    working directory, are not imported from. A context manager; leaving it kills what still runs.
    """

    def __init__(
        self,
        function: Callable[[T], R],
        count: int,
        limits: Limits = Limits(),
        shun: Collection[Path] = (),
    ) -> None:
        self._setting = (function, max(1, count), limits)
        self._path = list(_trusted(shun))

    def __enter__(self) -> Workers[T, R]:
        self._errors = tempfile.TemporaryFile()
        self._server, there = Pipe()
        with there:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", _START, str(there.fileno()), str(_HOME), *self._path],
                pass_fds=(there.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                # A session of its own: Ctrl-C reaches the caller alone, which then kills the whole group.
                start_new_session=True,
            )
        self._send(self._setting)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        try:
            # The server then ends what it has started: whoever else did would leave zombies.
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._errors.close()

    def map(self, items: Sequence[T], heard: Callable[[int], None] = lambda _: None) -> list[R | Lost]:
        """The results in the order of ``items``. ``heard`` hears of the number of each that is done."""
        results: dict[int, R | Lost] = {}
        try:
            self._send(items)
            while len(results) < len(items):
                number, content = self._server.recv()
                results[number] = pickle.loads(content)  # noqa: S301 - written by a fork of this code
                heard(number)
        except (EOFError, OSError):
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_GRACE)
        missing = Lost(self._why_ended() if len(results) < len(items) else "")
        return [results.get(number, missing) for number in range(len(items))]

    def _send(self, message: object) -> None:
        # Where the server is gone, its answers are missing, and that is where the reason is told.
        with suppress(OSError):
            self._server.send(message)

    def _why_ended(self) -> str:
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").split("\n")
        said = next((line.strip() for line in reversed(lines) if line.strip()), "without a word")
        return f"could not start: the process that starts others ended ({said})"


def serve(descriptor: int) -> None:
    """Answer batches of items from the process at the other end of a socket until it is gone."""
    with Connection(descriptor) as caller:
        function, count, limits = caller.recv()
        while True:
            try:
                items = caller.recv()
            except (EOFError, OSError):
                return
            _Batch(caller, function, limits, count, deque(enumerate(items))).run()


@dataclass
class _Running:
    number: int
    process: ForkProcess
    deadline: float


@dataclass
class _Batch:
    """One batch: items that wait, and by their pipes those whose process runs."""

    caller: Connection
    function: Callable[[Any], Any]
    limits: Limits
    count: int
    waiting: deque[tuple[int, Any]]
    running: dict[Connection, _Running] = field(default_factory=dict)

    def run(self) -> None:
        while self.waiting or self.running:
            while self.waiting and len(self.running) < self.count:
                self._start(*self.waiting.popleft())
            pause = min(item.deadline for item in self.running.values()) - monotonic()
            ready = wait([self.caller, *self.running], max(0.0, pause))
            if self.caller in ready:
                # It has nothing to say before it has its answers: it is gone.
                for item in self.running.values():
                    _end(item.process)
                return
            for pipe in list(self.running):
                self._attend(pipe, pipe in ready)

    def _start(self, number: int, item: Any) -> None:
        here, there = Pipe(duplex=False)
        process = get_context("fork").Process(target=_work, args=(self.caller, there, self.function, item, self.limits))
        process.start()
        there.close()
        self.running[here] = _Running(number, process, monotonic() + self.limits.seconds)

    def _attend(self, pipe: Connection, is_ready: bool) -> None:
        item = self.running[pipe]
        if is_ready:
            content = _answer(pipe) or _pickled(Lost(_ended(item.process)))
        elif monotonic() >= item.deadline:
            content = _pickled(Lost(f"took more than {self.limits.seconds:g} seconds"))
        else:
            return
        _end(item.process)
        del self.running[pipe]
        pipe.close()
        with suppress(OSError):
            self.caller.send((item.number, content))


def _work(caller: Connection, answer: Connection, function: Callable[[Any], Any], item: Any, limits: Limits) -> None:
    caller.close()
    _bound(resource.RLIMIT_AS, limits.memory)
    _bound(resource.RLIMIT_CORE, 0)
    try:
        content = _pickled(function(item))
    except MemoryError:
        content = _pickled(Lost(f"took more than {limits.memory // 2**20} MiB of memory"))
    except CohabitError as error:
        content = _pickled(Lost(f"failed: {error}"))
    except Exception as error:  # one item's fault, whatever it is, must cost that item only
        content = _pickled(Lost(f"failed: {type(error).__name__}"))
    answer.send_bytes(content)


def _bound(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    wanted = value if hard == resource.RLIM_INFINITY else min(value, hard)
    # Where the system keeps no such limit (macOS: RLIMIT_AS), time is the one that remains.
    with suppress(ValueError, OSError):
        resource.setrlimit(kind, (wanted, wanted))


def _pickled(value: object) -> bytes:
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def _answer(pipe: Connection) -> bytes:
    try:
        return pipe.recv_bytes()
    except (EOFError, OSError):
        return b""


def _end(process: ForkProcess) -> None:
    process.kill()
    process.join()
    process.close()


def _ended(process: ForkProcess) -> str:
    process.join(_GRACE)
    code = process.exitcode
    if code is not None and code < 0:
        return f"crashed ({signal.Signals(-code).name})"
    return f"ended its process with code {code}"


def _trusted(shun: Collection[Path]) -> Iterator[str]:
    """The import path without the folders that Python itself adds for scripts and ``-m``."""
    avoided = {Path.cwd(), *(path.resolve() for path in shun)} - {_HOME}
    return (entry for entry in sys.path if Path(entry).is_absolute() and Path(entry).resolve() not in avoided)
