"""The command line: ``audit``, ``plan``, ``explain``, ``gather``. The only place that catches errors."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import rich_click

from analyzer.errors import CohabitError
from cohabit.exit_code import ExitCode

if TYPE_CHECKING:
    from analyzer.report import Report
    from analyzer.service import Fleet
    from cohabit.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])

FORMATS = ("terminal", "json", "html")
GRAPHS = ("graphml", "dot", "graph-json")
_EPILOG = (
    "Exit codes: 0 nothing to report; 1 conflicts that break the present layout (without one: any conflict); "
    "2 unusable input; 3 no conflict, but something stayed undecided."
)


def run(arguments: Sequence[str]) -> int:
    """Run one command; its exit code."""
    try:
        return int(main.main(list(arguments), prog_name="cohabit", standalone_mode=False) or ExitCode.FINE)
    except click.exceptions.Exit as leave:
        return int(leave.exit_code)
    except click.Abort:
        return 130
    except click.ClickException as error:
        error.show()
    except CohabitError as error:
        _complain(str(error))
    except BrokenPipeError:
        sys.stderr.close()
        return ExitCode.FINE
    return ExitCode.UNUSABLE


def _complain(message: str) -> None:
    from reports.plain_text import plain

    for line in message.splitlines():
        click.echo(f"cohabit: {plain(line)}", err=True)


@rich_click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog=_EPILOG)
@click.version_option(package_name="cohabit")
def main() -> None:
    """Which services can live together, why the others can't, and the cheapest housing for all of them."""


def _options(*groups: Sequence[Callable[[F], F]]) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        for option in reversed([o for group in groups for o in group]):
            function = option(function)
        return function

    return decorate


_INPUT = (
    click.option("--config", type=click.Path(path_type=Path), help="Configuration (default: PATH/cohabit.toml)."),
    click.option("--python", metavar="X.Y", help="Python version of services that do not say which."),
    click.option("--platform", metavar="OS/ARCH", help="Such as linux/x86_64 or debian:12/aarch64."),
    click.option("--allow-network", is_flag=True, default=None, help="Ask git servers what branches and tags are."),
    click.option("--jobs", type=click.IntRange(min=1), help="Processes that read manifests (default: one per core)."),
)
_RESOLVING = (
    click.option("--index-url", metavar="URL", help="Package index instead of the default; a local folder will do."),
    click.option("--find-links", multiple=True, metavar="URL", help="Folder or page of archives; repeatable."),
    click.option("--exclude-newer", metavar="DATE", help="Ignore what was uploaded later (default: today, 0:00 UTC)."),
    click.option("--offline", is_flag=True, default=None, help="No network; what the cache lacks stays undecided."),
    click.option("--allow-build", is_flag=True, default=None, help="Let uv build sdists: runs code of dependencies."),
    click.option("--no-cache", "cache", flag_value=False, default=None, type=bool, help="Ask everything anew."),
    click.option(
        "--universe",
        multiple=True,
        metavar="[RELEASE=]PATH",
        help="Package metadata (deb, rpm), such as debian:12=mirror.",
    ),
    click.option("--maven-repository", multiple=True, metavar="URL", help="Maven repository or folder; repeatable."),
    click.option("--timeout", type=float, metavar="SECONDS", help="For one question to uv (default: 120)."),
    click.option("--stance", type=click.Choice(["locked", "relocked"]), help="What the exit code judges."),
    click.option("--allow-incomplete", is_flag=True, help="Exit with 0 although something stayed undecided."),
)
_PLANNING = (
    click.option(
        "--present",
        type=click.Path(path_type=Path),
        metavar="PATH",
        help="The layout to move as little from: a cohabit.toml, or a folder with deployment files.",
    ),
    click.option(
        "--previous",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="The same, from a report saved as JSON.",
    ),
    click.option(
        "--max-conflict-size",
        type=click.IntRange(min=2),
        metavar="N",
        help="Find all deb and rpm conflicts of up to N.",
    ),
    click.option(
        "--prices", type=click.IntRange(min=0), metavar="N", help="Merges of environments to price (default: 8)."
    ),
    click.option("--optimistic", is_flag=True, default=None, help="Let undecided services share a container."),
)


def _output(*formats: str) -> tuple[Callable[[F], F], ...]:
    return (
        click.option("--format", "form", type=click.Choice(formats), default=formats[0], show_default=True),
        click.option("--output", type=click.Path(path_type=Path), help="Write to a file instead of the terminal."),
    )


_VERBOSE = (
    click.option("-v", "--verbose", is_flag=True, help="Explain lock-only conflicts too, list what was left out."),
)


_PATH = click.argument("path", type=click.Path(path_type=Path), default=Path())


@main.command()
@_PATH
@_options(_output(*FORMATS, *GRAPHS), _VERBOSE, _INPUT, _RESOLVING, _PLANNING)
def audit(path: Path, form: str, output: Path | None, verbose: bool, allow_incomplete: bool, **given: Any) -> int:
    """Examine the services under PATH and report everything found.

    PATH is a folder of services, or a fleet saved by `cohabit gather`.
    """
    report, settings = _examine(path, given)
    _write(report, "verbose" if verbose and form == "terminal" else form, output)
    return _code(report, settings, allow_incomplete)


@main.command()
@_PATH
@click.option(
    "--locks", type=click.Path(path_type=Path), metavar="DIR", help="Write the joint lock of each environment."
)
@_options(_output("terminal", "json"), _INPUT, _RESOLVING, _PLANNING)
def plan(path: Path, locks: Path | None, form: str, output: Path | None, allow_incomplete: bool, **given: Any) -> int:
    """The fewest containers for the services under PATH, with the proof."""
    report, settings = _examine(path, given)
    if locks is not None:
        _emit_locks(report, settings, locks)
    _write(report, "plan" if form == "terminal" else form, output)
    return _code(report, settings, allow_incomplete)


@main.command()
@click.argument("services", nargs=-1, required=True)
@click.option("--path", type=click.Path(path_type=Path), default=Path(), help="The folder of services.")
@_options(_output("terminal", "json"), _INPUT, _RESOLVING)
def explain(
    services: tuple[str, ...], path: Path, form: str, output: Path | None, allow_incomplete: bool, **given: Any
) -> int:
    """Why SERVICES can or cannot live together; of a single one, why it is where it is planned and with whom
    else it could live."""
    from cohabit.narrowing import only

    settings = _settings(path, given)
    if len(services) == 1 and form == "terminal":
        return _explain_one(services[0], _fleet(path, settings), settings, output)
    report = _judge(only(_fleet(path, settings), services), replace(settings, prices=0))
    _write(report, "explanation" if form == "terminal" else form, output)
    return _code(report, settings, allow_incomplete)


def _explain_one(name: str, fleet: Fleet, settings: Settings, output: Path | None) -> int:
    from cohabit.narrowing import only
    from cohabit.neighbourhood import neighbourhood
    from cohabit.progress import shown
    from cohabit.rendering import render_neighbourhood, show_neighbourhood

    only(fleet, [name])
    with shown() as progress:
        found = neighbourhood(name, fleet, settings, progress)
    if output is None:
        show_neighbourhood(found)
    else:
        _emit(render_neighbourhood(found), output)
    return ExitCode.FINE


@main.command()
@_PATH
@_options(_output("json", "terminal", "cyclonedx"), _INPUT)
def gather(path: Path, form: str, output: Path | None, **given: Any) -> int:
    """Save what the services under PATH declare and lock, to be audited elsewhere.

    As cyclonedx it is one document, or one for each service where --output is a folder.
    """
    from cohabit.rendering import render_fleet

    fleet = _fleet(path, _settings(path, given))
    if form == "cyclonedx" and output is not None and output.is_dir():
        from reports.cyclonedx import documents

        for name, content in documents(fleet).items():
            _emit(content, output / name)
    else:
        _emit(render_fleet(fleet, form), output)
    return ExitCode.INCOMPLETE if any(s.incomplete for v in fleet.services for s in v.skipped) else ExitCode.FINE


@main.command()
@_PATH
@click.option(
    "--set",
    "sets",
    multiple=True,
    required=True,
    metavar="SERVICE:REQUIREMENT",
    help="Such as 'billing:flask>=2'; repeatable.",
)
@_options(_output("terminal", "json"), _INPUT, _RESOLVING, _PLANNING)
def whatif(
    path: Path, sets: tuple[str, ...], form: str, output: Path | None, allow_incomplete: bool, **given: Any
) -> int:
    """What the services under PATH would need if a requirement were another."""
    from cohabit.progress import shown
    from cohabit.rendering import render_comparison, show_comparison
    from cohabit.what_if import read_change, what_if

    fleet, settings = _laid_out(path, given)
    changes = [read_change(text, fleet) for text in sets]
    with shown() as progress:
        found = what_if(fleet, changes, settings, progress)
    if output is None and form == "terminal":
        show_comparison(found, changes)
    else:
        _emit(render_comparison(found, changes, form), output)
    return _code(found.after, settings, allow_incomplete)


def _settings(path: Path, given: dict[str, Any]) -> Settings:
    from cohabit.configuration import from_command_line, load

    root = path if path.is_dir() else Path()
    return load(root, file=given.pop("config"), options=from_command_line(given))


def _fleet(path: Path, settings: Settings) -> Fleet:
    if path.is_file():
        from cohabit.fleet import saved_fleet

        return saved_fleet(path.read_bytes(), str(path), settings)
    if not path.is_dir():
        raise CohabitError(f"{path} does not exist")
    from cohabit.fleet import gather_fleet
    from cohabit.progress import shown

    with shown() as progress:
        return gather_fleet(path, settings, progress)


def _examine(path: Path, given: dict[str, Any]) -> tuple[Report, Settings]:
    fleet, settings = _laid_out(path, given)
    return _judge(fleet, settings), settings


def _laid_out(path: Path, given: dict[str, Any]) -> tuple[Fleet, Settings]:
    from cohabit.given_layout import with_layout

    present, previous = given.pop("present"), given.pop("previous")
    settings = _settings(path, given)
    return with_layout(_fleet(path, settings), present, previous, settings.stance), settings


def _judge(fleet: Fleet, settings: Settings) -> Report:
    from cohabit.auditing import examine_fleet
    from cohabit.progress import shown

    if not fleet.services:
        raise CohabitError(f"there is no service in {fleet.name}: no directory with a manifest that cohabit knows")
    with shown() as progress:
        return examine_fleet(fleet, settings, progress)


def _write(report: Report, form: str, output: Path | None) -> None:
    from cohabit.rendering import is_for_people, render, show

    if output is None and is_for_people(form):
        show(report, form)
    else:
        _emit(render(report, form), output)


def _emit(content: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(content)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise CohabitError(f"cannot write {output}: {error.strerror}") from error


def _emit_locks(report: Report, settings: Settings, folder: Path) -> None:
    from reports.lock_files import lock_files

    for name, content in lock_files(report.plans[settings.stance]).items():
        place = folder / name
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CohabitError(f"cannot write {place}: {error.strerror}") from error
        _emit(content, place)


def _code(report: Report, settings: Settings, allow_incomplete: bool) -> int:
    from cohabit.exit_code import exit_code

    return exit_code(report, settings.stance, allow_incomplete=allow_incomplete)
