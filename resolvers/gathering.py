"""Gathers services in parallel, each in a process that can be killed.

A parser that hangs, crashes or eats memory costs its one service: that is reported as skipped with
the reason, and the others are examined.
"""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Callable, Sequence
from concurrent.futures import TimeoutError as Expired
from dataclasses import dataclass, replace
from pathlib import Path

from analyzer.errors import CohabitError
from analyzer.origin import Origin
from analyzer.requirement import Requirement
from analyzer.service import DependencySet, Service, Skipped
from resolvers.registry import gatherers
from resolvers.seam import Gathered, Wish
from resolvers.tree import Tree

SECONDS = 30.0
MEMORY = 2 * 2**30


@dataclass(frozen=True, slots=True)
class Job:
    """One service to gather: what is known of it, and what configuration wishes."""

    root: Path
    service: Service
    wish: Wish


@dataclass(frozen=True, slots=True)
class Limits:
    """What one service may cost: seconds of wall time and bytes of address space."""

    seconds: float = SECONDS
    memory: int = MEMORY


def gather_all(
    jobs: Sequence[Job],
    workers: int,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    done: Callable[[Service], None] = lambda _: None,
) -> tuple[Service, ...]:
    """The services with their dependency sets, in the order of ``jobs``. ``done`` hears of each."""
    from pebble import ProcessPool

    context = multiprocessing.get_context("spawn")
    count = max(1, min(workers, len(jobs)))
    with ProcessPool(max_workers=count, context=context, initializer=_confine, initargs=(limits.memory,)) as pool:
        futures = [pool.schedule(gather_one, args=(job,), timeout=limits.seconds) for job in jobs]
        services = []
        for job, future in zip(jobs, futures, strict=True):
            services.append(_outcome(job, future.result, limits))
            done(services[-1])
        return tuple(services)


def gather_one(job: Job) -> Service:
    """Read one service's manifests, of every ecosystem."""
    tree = Tree(job.root)
    found = [g.gather(tree, job.service.path, job.wish) for g in gatherers()]
    return with_findings(job.service, found)


def with_findings(service: Service, found: Sequence[Gathered]) -> Service:
    """The service with what each ecosystem's gatherer found, and the Python version it was read for."""
    sets: tuple[DependencySet, ...] = tuple(s for g in found for s in g.sets)
    interpreter: tuple[Requirement, ...] = tuple(r for g in found for r in g.interpreter)
    python = next((g.python for g in found if g.python), service.platform.python)
    return replace(
        service,
        platform=replace(service.platform, python=python),
        sets=sets,
        interpreter=(*service.interpreter, *interpreter),
        skipped=(*service.skipped, *(s for g in found for s in g.skipped)),
    )


def _outcome(job: Job, result: Callable[[], Service], limits: Limits) -> Service:
    from pebble import ProcessExpired

    try:
        return result()
    except Expired:
        return _lost(job, f"took more than {limits.seconds:g} seconds to read")
    except MemoryError:
        return _lost(job, f"took more than {limits.memory // 2**20} MiB of memory to read")
    except ProcessExpired as error:
        return _lost(job, f"the process that read it ended with code {error.exitcode}")
    except CohabitError as error:
        return _lost(job, str(error))
    except Exception as error:  # a parser's fault must cost one service only, whatever it is
        return _lost(job, f"reading it failed: {type(error).__name__}")


def _lost(job: Job, reason: str) -> Service:
    lost = Skipped("service", reason, Origin(job.service.path or "."))
    return replace(job.service, skipped=(*job.service.skipped, lost))


def _confine(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
