"""The command line: ``audit``, ``check``, ``plan``, ``explain``, ``gather``. The only place that catches errors."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import rich_click

from analyzer.errors import CohabitError
from cohabit.exit_code import ExitCode

if TYPE_CHECKING:
    from analyzer.gate.judgement import Judgement
    from analyzer.report import Report
    from analyzer.service import Fleet
    from cohabit.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])

FORMATS = ("terminal", "json", "html")
JUDGED_FORMATS = ("sarif", "junit", "markdown", "gitlab", "github", "job-summary")
GRAPHS = ("graphml", "dot", "graph-json")
_EPILOG = (
    "Exit codes: 0 nothing to report; 1 conflicts that break the present layout (without one: any conflict); "
    "2 unusable input; 3 no conflict, but something stayed undecided."
)


def run(arguments: Sequence[str]) -> int:
    """Run one command; its exit code."""
    try:
        code = int(main.main(list(arguments), prog_name="cohabit", standalone_mode=False) or ExitCode.FINE)
        sys.stdout.flush()
        return code
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
    except OSError as error:
        # What is read has errors of its own kind: this is a full disk, or an output that cannot be written.
        _complain(f"cannot write {error.filename or 'the output'}: {error.strerror}")
        _give_up_output()
    return ExitCode.UNUSABLE


def _give_up_output() -> None:
    # Python would try to write the rest when it exits, and exit with a code of its own.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(message: str) -> None:
    from reports.plain_text import ascii_only, plain

    unicode = (sys.stderr.encoding or "").lower().startswith("utf")
    for line in message.splitlines():
        click.echo(f"cohabit: {plain(line) if unicode else ascii_only(plain(line))}", err=True)


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
        click.option(
            "--output",
            type=click.Path(path_type=Path, allow_dash=True),
            callback=lambda _context, _option, file: None if file == Path("-") else file,
            help="Write to a file instead of the terminal.",
        ),
    )


_VERBOSE = (
    click.option("-v", "--verbose", is_flag=True, help="Explain lock-only conflicts too, list what was left out."),
)


_PATH = click.argument("path", type=click.Path(path_type=Path), default=Path())


@main.command()
@_PATH
@_options(_output(*FORMATS, *JUDGED_FORMATS, *GRAPHS), _VERBOSE, _INPUT, _RESOLVING, _PLANNING)
def audit(path: Path, form: str, output: Path | None, verbose: bool, allow_incomplete: bool, **given: Any) -> int:
    """Examine the services under PATH and report everything found.

    PATH is a folder of services, or a fleet saved by `cohabit gather`.
    """
    report, settings = _examine(path, given)
    if form in JUDGED_FORMATS:
        from analyzer.gate.judge import judge
        from cohabit.rendering import render_judgement

        _emit(render_judgement(judge(report, settings.stance), form), output)
    else:
        _write(report, "verbose" if verbose and form == "terminal" else form, output)
    return _code(report, settings, allow_incomplete)


_GATE = (
    click.option("--fail-on", metavar="SEVERITY", help="error (default), warning, note or never."),
    click.option("--max-environments", type=int, metavar="N", help="Fail where the plan needs more."),
    click.option("--baseline", type=click.Path(), metavar="FILE", help="Conflicts that are known, and do not fail."),
    click.option("--update-baseline", is_flag=True, help="Write the baseline anew."),
    click.option("--against", metavar="REF", help="Only what is new since a branch, tag or commit fails."),
    click.option("--today", metavar="DATE", help="The day on which waivers are judged."),
)


@main.command()
@_PATH
@click.option("--format", "form", type=click.Choice((*FORMATS, *JUDGED_FORMATS)), default="terminal")
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="[FORMAT=]FILE",
    help="Write to a file instead of the terminal; with FORMAT=, besides. Repeatable.",
)
@_options(_GATE, _INPUT, _RESOLVING, _PLANNING)
def check(
    path: Path,
    form: str,
    outputs: tuple[str, ...],
    update_baseline: bool,
    against: str | None,
    allow_incomplete: bool,
    **given: Any,
) -> int:
    """May a change of the services under PATH pass? Made for build servers.

    Fails where the present layout (from Compose, Kubernetes or the configuration; without one, a single shared
    host) lets services meet that clash, save what is known or waived.
    """
    from cohabit import check as gate
    from cohabit.check_outputs import destinations
    from cohabit.progress import shown

    writing = destinations(form, outputs, (*FORMATS, *JUDGED_FORMATS))
    config, layout = given["config"], (given.pop("present"), given.pop("previous"))
    settings = _settings(path, given)
    # Whatever may be wrong is told before anything that takes long.
    baseline = gate.baseline_of(path, settings, update_baseline)
    with ExitStack() as until_judged:
        with shown() as progress:
            asked = gate.revision(path, against, progress) if against is not None else nullcontext()
            revision = until_judged.enter_context(asked)
        fleet = _housed(path, settings, *layout)
        _must_have_services(fleet)
        with shown() as progress:
            then = gate.then(revision, path, gate.Given(config, given), settings, progress) if revision else None
            then = then.housed_as(fleet) if then is not None and any(layout) else then
            # Of all formats only the page tells what merges cost, which takes long to find out.
            told = settings if "html" in dict(writing) else replace(settings, prices=0)
            judged = gate.check(fleet, told, gate.Comparing(then, baseline), progress)
    for wanted, output in writing:
        _write_judgement(judged, path, wanted, output)
    return gate.exit_code(judged, allow_incomplete=allow_incomplete)


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
@click.option("--path", "folder", type=click.Path(path_type=Path), help="The folder of services (default: .).")
@_options(_output("terminal", "json", "markdown"), _INPUT, _RESOLVING)
def explain(
    services: tuple[str, ...], folder: Path | None, form: str, output: Path | None, allow_incomplete: bool, **given: Any
) -> int:
    """Why SERVICES can or cannot live together; of a single one, why it is where it is planned and with whom
    else it could live.

    A code instead, such as PIP001, is documented: what it means, why, and the ways out. A service that is called
    like a code is meant where --path is given.
    """
    from cohabit.narrowing import only

    path = folder or Path()
    if _is_code(services, folder, dict(given)):
        return _explain_code(services[0], form, output)
    if form == "markdown":
        raise click.UsageError("--format markdown is for a code, such as PIP001")
    settings = _settings(path, given)
    if len(services) == 1 and form == "terminal":
        return _explain_one(services[0], _fleet(path, settings), settings, output)
    report = _judge(only(_fleet(path, settings), services), replace(settings, prices=0))
    _write(report, "explanation" if form == "terminal" else form, output)
    return _code(report, settings, allow_incomplete)


def _is_code(words: Sequence[str], folder: Path | None, given: dict[str, Any]) -> bool:
    """Whether the only word is a code: one of that form is, save where it is a service of the folder that is named.

    Without a folder nothing is gathered: who reads about a code need not wait for a large tree.
    """
    from reports.code_help import is_like_a_code

    word = words[0]
    if len(words) > 1 or not is_like_a_code(word):
        return False
    return folder is None or word not in (s.name for s in _fleet(folder, _settings(folder, given)).services)


def _explain_code(word: str, form: str, output: Path | None) -> int:
    from cohabit.rendering import render_code, show_code
    from reports.code_help import CODES, help_of, known_code

    if not known_code(word):
        raise CohabitError(f"there is no code {word}; there are {', '.join(CODES)}")
    known = help_of(known_code(word))
    if output is None and form == "terminal":
        show_code(known)
    else:
        _emit(render_code(known, form), output)
    return ExitCode.FINE


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
    layout = given.pop("present"), given.pop("previous")
    settings = _settings(path, given)
    return _housed(path, settings, *layout), settings


def _housed(path: Path, settings: Settings, present: Path | None, previous: Path | None) -> Fleet:
    from cohabit.given_layout import with_layout

    return with_layout(_fleet(path, settings), present, previous, settings.stance)


def _judge(fleet: Fleet, settings: Settings) -> Report:
    from cohabit.auditing import examine_fleet
    from cohabit.progress import shown

    _must_have_services(fleet)
    with shown() as progress:
        return examine_fleet(fleet, settings, progress)


def _must_have_services(fleet: Fleet) -> None:
    if not fleet.services:
        raise CohabitError(f"there is no service in {fleet.name}: no directory with a manifest that cohabit knows")


def _write(report: Report, form: str, output: Path | None) -> None:
    from cohabit.rendering import is_for_people, render, show

    if output is None and is_for_people(form):
        show(report, form)
    else:
        _emit(render(report, form), output)


def _write_judgement(judged: Judgement, root: Path, form: str, output: Path | None) -> None:
    from cohabit.rendering import render_judgement, show_judgement
    from cohabit.repository_paths import AT_THE_TOP, from_the_top

    if output is None and form == "terminal":
        show_judgement(judged)
    else:
        _emit(render_judgement(from_the_top(judged, root) if form in AT_THE_TOP else judged, form), output)


def _emit(content: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(content)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise CohabitError(f"cannot write {output}: {error.strerror}") from error


def _emit_locks(report: Report, settings: Settings, folder: Path) -> None:
    from cohabit.joint_locks import joint_locks
    from cohabit.progress import shown

    with shown() as progress:
        files = joint_locks(report, settings, progress)
    for name, content in files.items():
        place = folder / name
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CohabitError(f"cannot write {place}: {error.strerror}") from error
        _emit(content, place)


def _code(report: Report, settings: Settings, allow_incomplete: bool) -> int:
    from cohabit.exit_code import exit_code

    return exit_code(report, settings.stance, allow_incomplete=allow_incomplete)
