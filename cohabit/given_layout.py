"""The layout from which a plan is to move as little as possible, where the command line names it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from analyzer.boundary import Boundary
from analyzer.errors import CohabitError
from analyzer.plan import Plan
from analyzer.service import Fleet, PresentEnvironment
from analyzer.verdict import Stance


def with_layout(fleet: Fleet, present: Path | None, previous: Path | None, stance: Stance) -> Fleet:
    """The Fleet as ``present`` (a ``cohabit.toml``, or a folder with deployment files) or ``previous`` (a saved
    report, whose plan under the stance counts) says that it is housed today; as it is where both are None.

    Raises CohabitError where a file cannot be read, or tells of no service of the Fleet.
    """
    source = previous or present
    if source is None:
        return fleet
    found = _of_report(source, stance) if previous is not None else _of_files(source)
    known = {service.name for service in fleet.services}
    housed = (PresentEnvironment(e.boundary, tuple(s for s in e.services if s in known)) for e in found)
    kept = tuple(environment for environment in housed if environment.services)
    if not kept:
        raise CohabitError(f"{source} tells of no service of {fleet.name}")
    return replace(fleet, present=kept)


def _of_report(path: Path, stance: Stance) -> tuple[PresentEnvironment, ...]:
    from reports.json_report import from_json

    try:
        # Opening a named pipe would wait for whoever writes into it.
        if path.exists() and not path.is_file():
            raise CohabitError(f"{path} is no regular file")
        report = from_json(path.read_bytes(), str(path))
    except OSError as error:
        raise CohabitError(f"cannot read {path}: {error.strerror}") from error
    if stance not in report.plans:
        raise CohabitError(f"{path} holds no plan ({stance})")
    return tuple(_of_plan(report.plans[stance]))


def _of_plan(plan: Plan) -> Iterator[PresentEnvironment]:
    for machine in plan.machines:
        services = tuple(sorted(s for container in machine.containers for s in container.services))
        yield PresentEnvironment(Boundary.VM, services)
        for container in machine.containers:
            yield PresentEnvironment(Boundary.CONTAINER, container.services)
            if len(container.venvs) > 1:
                yield from (PresentEnvironment(Boundary.VENV, venv.services) for venv in container.venvs)


def _of_files(path: Path) -> tuple[PresentEnvironment, ...]:
    if not path.exists():
        raise CohabitError(f"{path} does not exist")
    if path.suffix == ".toml":
        from cohabit.configuration import load

        return load(path.parent, file=path).present
    return tuple(_deployed(path if path.is_dir() else path.parent))


def _deployed(folder: Path) -> Iterator[PresentEnvironment]:
    from resolvers.deployment.apart import read_apart
    from resolvers.deployment.reading import Walked

    containers: dict[str, list[str]] = defaultdict(list)
    machines: dict[str, list[str]] = defaultdict(list)
    for deployed in read_apart(folder, Walked(("",), ())).deployed:
        containers[deployed.root].append(deployed.name)
        if deployed.machine:
            machines[deployed.machine].append(deployed.name)
    for boundary, groups in ((Boundary.CONTAINER, containers), (Boundary.VM, machines)):
        yield from (PresentEnvironment(boundary, tuple(sorted(names))) for _, names in sorted(groups.items()))
