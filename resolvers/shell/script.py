"""A shell script followed without running it: the commands that it would run, in their order.

What the shell itself does (``cd``, ``set``, ``export``, functions, loops over known words) is followed
and not listed. So are the scripts that it runs and the lists of packages that it reads, where the caller
can look them up or the script has written them itself: ``bash setup.sh``, ``$(cat packages.txt)``,
``xargs -a packages.txt apt-get install``. A file that nobody knows is a Word that is not known, as
``$(cat packages.txt)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from analyzer.origin import Origin
from analyzer.service import Skipped
from resolvers.shell.budget import TEXT_LIMIT, Budget, Exhausted
from resolvers.shell.calls import call, is_shell
from resolvers.shell.command import Command
from resolvers.shell.environment import Environment, Variable
from resolvers.shell.execution import Execution, Files, Scope, Words
from resolvers.shell.passage import Passage, Span, Value


def no_files(path: str) -> Passage | None:
    """Knows no file."""
    return None


@dataclass(frozen=True, slots=True)
class Setting:
    """What a script finds when it begins: variables, the directory, files of the root filesystem, the name
    by which it was called (``$0``, empty where nobody knows). ``budget`` may be shared."""

    variables: Mapping[str, Value] = field(default_factory=dict)
    directory: str = ""
    files: Files = no_files
    budget: Budget = field(default_factory=Budget)
    name: Value = ()


@dataclass(frozen=True, slots=True)
class Followed:
    """The commands of a script, and what of it could not be followed. ``written`` are the files that it
    is known to have written, for the scripts that come after."""

    commands: tuple[Command, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    written: Mapping[str, Value] = field(default_factory=dict)


def commands(text: str, file: str, line: int = 1, variables: Mapping[str, str] | None = None) -> Followed:
    """The commands of a script's text, whose first line is ``line`` of ``file``. Never raises."""
    place = Origin(file, line)
    if len(text) > TEXT_LIMIT:
        return Followed(skipped=(Skipped("a script", f"is longer than {TEXT_LIMIT} characters", place),))
    known = {
        name: tuple(Span(part, place) for part in value.splitlines(keepends=True))
        for name, value in (variables or {}).items()
    }
    return follow(Passage.written(text, file, line), Setting(known))


def follow(script: Passage, setting: Setting) -> Followed:
    """The commands of a script. Never raises."""
    execution = _execution(setting)
    execution.environment.script = setting.name or None
    return _followed(execution, script) if is_shell(script.text) else Followed()


def follow_words(words: Words, setting: Setting) -> Followed:
    """The commands that one command with these words comes to (``RUN ["bash", "-c", "…"]``). Never raises."""
    execution = _execution(setting)
    try:
        call(execution, words, Scope())
    except (Exhausted, RecursionError) as error:
        execution.skip(words[0][0].origin, str(error))
    return Followed(tuple(execution.commands), tuple(execution.skipped), execution.written)


def _execution(setting: Setting) -> Execution:
    variables = {name: Variable((value,)) for name, value in setting.variables.items()}
    environment = Environment(variables, directory=setting.directory)
    return Execution(environment, setting.files, call, budget=setting.budget)


def _followed(execution: Execution, script: Passage) -> Followed:
    scope = Scope()
    try:
        execution.script(script, scope)
        while execution.uncalled:
            _, body = execution.uncalled.popitem()
            execution.environment.positional = None
            execution.run(body, replace(scope, conditional=True))
    except (Exhausted, RecursionError) as error:
        execution.skip(script.origin(0), str(error))
    return Followed(tuple(execution.commands), tuple(execution.skipped), execution.written)
