"""The stages of a Dockerfile: what each begins with, copies and runs (docs.docker.com/build/building/multi-stage)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from posixpath import normpath

from analyzer.origin import Origin
from analyzer.service import Port, Skipped
from resolvers.container.build import Added, Base, Taken
from resolvers.container.copies import BuildContext, Copy
from resolvers.container.exposed import NoPortError, expose
from resolvers.container.instruction import Heredoc, Instruction
from resolvers.shell.calls import is_shell
from resolvers.shell.command import Command, Word
from resolvers.shell.environment import Environment, Variable
from resolvers.shell.expansion import Expander
from resolvers.shell.passage import Passage, Span, Value, is_known, text_of
from resolvers.shell.script import Followed, Setting, follow, follow_words
from resolvers.shell.syntax import Literal, Unreadable
from resolvers.shell.word import Scanner

ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tbz2", ".tar.zst")
"""What ``ADD`` unpacks."""

SYSTEM = frozenset(
    {
        "/", "/usr", "/bin", "/sbin", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/var", "/var/lib",
        "/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib64", "/usr/share",
        "/var/lib/dpkg", "/var/lib/rpm", "/usr/lib/sysimage/rpm", "/lib/apk",
    }
)  # fmt: skip
"""Folders of a root filesystem that packages own as a whole: who takes one has the packages in it."""

_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://|[^\s/@:]+@[^\s/:]+:")
"""How the address of something begins that ``ADD`` fetches."""

SHOWN = 80
"""Characters of an EXPOSE that are repeated."""

_SHELLS = frozenset({"sh", "bash", "ash", "dash", "ksh", "zsh"})


@dataclass(frozen=True, slots=True)
class Loan:
    """A folder taken from another stage: a folder of the system, or a root filesystem made in ``folder``."""

    stage: int
    folder: str
    target: str


@dataclass(slots=True)
class Stage:
    """One stage while it is read. ``variables`` are those of ENV (``fixed``) and ARG."""

    index: int
    name: str
    base: Base | None
    parent: int | None = None
    variables: dict[str, Value] = field(default_factory=dict)
    fixed: set[str] = field(default_factory=set)
    directory: str = "/"
    copies: list[Copy] = field(default_factory=list)
    written: dict[str, Value] = field(default_factory=dict)
    shell: bool = True
    commands: list[Command] = field(default_factory=list)
    loans: list[Loan] = field(default_factory=list)
    added: list[Added] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    ports: dict[str, Port] = field(default_factory=dict)

    def child(self, index: int, name: str) -> Stage:
        """A stage built upon this one. It has its variables, ARGs too."""
        return Stage(
            index, name, self.base, self.index, dict(self.variables), set(self.fixed), self.directory,
            list(self.copies), dict(self.written), self.shell, ports=dict(self.ports),
        )  # fmt: skip

    @property
    def size(self) -> int:
        """What a copy of it costs."""
        return 1 + len(self.variables) + len(self.copies) + len(self.written) + len(self.ports)


@dataclass(slots=True)
class Stages:
    """Reads instructions one after the other. Raises Exhausted where they ask for too much."""

    context: BuildContext
    given: Mapping[str, Value] = field(default_factory=dict)
    arguments: dict[str, Value] = field(default_factory=dict)
    all: list[Stage] = field(default_factory=list)
    names: dict[str, Stage] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)

    def take(self, instruction: Instruction) -> None:
        """Follow one instruction."""
        keyword = instruction.keyword
        self.context.budget.spend(10 + len(instruction.script.text))
        if keyword == "FROM":
            self._from(instruction)
        elif keyword == "ARG" and not self.all:
            self.arguments.update(self._pairs(instruction, self.arguments) | self._given(instruction))
        elif keyword not in _IGNORED and keyword not in _FOLLOW:
            self._skip(keyword or "an instruction", "is no instruction of a Dockerfile", instruction.origin)
        elif self.all and keyword in _FOLLOW:
            _FOLLOW[keyword](self, self.all[-1], instruction)

    def named(self, name: str) -> Stage | None:
        """The stage of that name or number, the last one where several have it."""
        if name.lower() not in self.names and name.isdecimal() and len(name) < 6 and int(name) < len(self.all):
            return self.all[int(name)]
        return self.names.get(name.lower())

    def _from(self, instruction: Instruction) -> None:
        parts = instruction.words
        if not parts:
            self._skip("FROM", "names no image", instruction.origin)
            return
        image = self._expanded(parts[0], self.arguments)
        index = len(self.all)
        named = len(parts) > 2 and parts[1].text.lower() == "as"
        name = parts[2].text.lower() if named else str(index)
        parent = self.names.get(text_of(image).lower())
        if parent and is_known(image):
            self.context.budget.spend(parent.size)
            stage = parent.child(index, name)
        else:
            stage = Stage(index, name, self._base(parts[0], image, instruction))
        self.all.append(stage)
        if named:
            self.names[name] = stage

    def _base(self, written: Passage, image: Value, instruction: Instruction) -> Base | None:
        if text_of(image) == "scratch":
            return None
        return Base(_word(image, written), instruction.origin, self._platform(instruction))

    def _platform(self, instruction: Instruction) -> str:
        written = Passage.of([Span(instruction.flag("platform"), instruction.origin)])
        value = self._expanded(written, self.arguments)
        return text_of(value) if is_known(value) else ""

    def _arg(self, stage: Stage, instruction: Instruction) -> None:
        for word in instruction.words:
            name = word.text.partition("=")[0]
            if "=" not in word.text and name not in stage.fixed:
                stage.variables.pop(name, None)
                if name in self.arguments:
                    stage.variables[name] = self.arguments[name]
        pairs = self._pairs(instruction, stage.variables) | self._given(instruction)
        stage.variables.update({name: value for name, value in pairs.items() if name not in stage.fixed})

    def _given(self, instruction: Instruction) -> dict[str, Value]:
        """What was given for the names of an ARG."""
        names = (word.text.partition("=")[0] for word in instruction.words)
        return {name: self.given[name] for name in names if name in self.given}

    def _env(self, stage: Stage, instruction: Instruction) -> None:
        parts = instruction.words
        if parts and "=" not in parts[0].text:
            name = parts[0].text
            start = instruction.rest.text.index(name) + len(name)
            rest = Passage.of(instruction.rest.cut(start, len(instruction.rest.text)))
            pairs = {name: self._expanded(_trimmed(rest), stage.variables)}
        else:
            pairs = self._pairs(instruction, stage.variables)
        stage.variables.update(pairs)
        stage.fixed.update(pairs)

    def _pairs(self, instruction: Instruction, variables: Mapping[str, Value]) -> dict[str, Value]:
        """``NAME=value`` of ARG and ENV; all values see the variables as they were before."""
        found: dict[str, Value] = {}
        for word in instruction.words:
            name, equals, _ = word.text.partition("=")
            if equals:
                found[name] = self._expanded(Passage.of(word.cut(len(name) + 1, len(word.text))), variables)
        return found

    def _workdir(self, stage: Stage, instruction: Instruction) -> None:
        path = self._expanded(_trimmed(instruction.rest), stage.variables)
        stage.directory = _absolute(stage.directory, text_of(path)) if is_known(path) else ""

    def _shell(self, stage: Stage, instruction: Instruction) -> None:
        form = _exec_form(instruction.rest)
        if form:
            stage.shell = text_of(form[0]).rpartition("/")[2] in _SHELLS

    def _expose(self, stage: Stage, instruction: Instruction) -> None:
        origin = replace(instruction.origin, text=f"EXPOSE {instruction.rest.text.strip()[:SHOWN]}")
        for written in instruction.words:
            value = self._expanded(written, stage.variables)
            for word in text_of(value).split() if is_known(value) else (written.text,):
                try:
                    expose(word, origin, stage.ports)
                except NoPortError as error:
                    self.skipped.append(Skipped(f"EXPOSE {word[:SHOWN]}", str(error), origin, incomplete=False))

    def _copy(self, stage: Stage, instruction: Instruction) -> None:
        parts = _exec_form(instruction.rest) or [self._expanded(w, stage.variables) for w in instruction.words]
        if instruction.keyword == "ADD" and len(parts) > 1:
            stage.added += _fetched(stage, instruction, parts)
        if not parts or not all(is_known(part) for part in parts):
            return
        texts = [text_of(part) for part in parts]
        target = _absolute(stage.directory, texts[-1]) + ("/" if texts[-1].endswith(("/", ".")) else "")
        for heredoc in instruction.heredocs:
            stage.written[target.rstrip("/")] = self._content(heredoc, stage)
        if source := instruction.flag("from"):
            self._lend(stage, source, texts[:-1], target, instruction.origin)
        elif texts[:-1]:
            stage.copies.append(Copy(tuple(texts[:-1]), target))
            self._unpacked(stage, instruction, texts[:-1], target)

    def _content(self, heredoc: Heredoc, stage: Stage) -> Value:
        return heredoc.body.spans if heredoc.literal else self._expanded(heredoc.body, stage.variables, quoted=True)

    def _unpacked(self, stage: Stage, instruction: Instruction, sources: list[str], target: str) -> None:
        if instruction.keyword != "ADD" or stage.base is not None or target.strip("/"):
            return
        for source in sources:
            if source.endswith(ARCHIVES):
                name = source.rpartition("/")[2]
                self._skip(name, "is a root filesystem in an archive, which is not looked into", instruction.origin)

    def _lend(self, stage: Stage, source: str, paths: list[str], target: str, origin: Origin) -> None:
        lender = self.named(source)
        place = _absolute("/", target)
        for path in (_absolute("/", path) for path in paths):
            if lender is not None and lender is not stage:
                stage.taken.append(Taken(lender.name, path, place))
            if place not in SYSTEM or (path not in SYSTEM and place != "/"):
                continue
            if lender is not None and lender is not stage:
                stage.loans.append(Loan(lender.index, path, place))
            elif path in SYSTEM:
                self._skip(path, f"is copied from the image {source}, which is not looked into", origin)

    def _run(self, stage: Stage, instruction: Instruction) -> None:
        copies = [*stage.copies, *self._mounted(stage, instruction)]
        self.context.budget.spend(stage.size)
        setting = Setting(stage.variables, stage.directory, self._files(stage, copies), self.context.budget)
        followed = self._followed(stage, instruction, setting)
        stage.commands += followed.commands
        stage.written.update(followed.written)
        self.skipped += followed.skipped

    def _followed(self, stage: Stage, instruction: Instruction, setting: Setting) -> Followed:
        if form := _exec_form(instruction.rest):
            return follow_words(tuple(form), setting)
        if not stage.shell:
            return Followed()
        if instruction.heredocs and not instruction.words:
            body = instruction.heredocs[0].body
            return follow(body, setting) if is_shell(body.text) else Followed()
        return follow(instruction.script, setting)

    def _mounted(self, stage: Stage, instruction: Instruction) -> list[Copy]:
        """What ``--mount=type=bind`` shows of the build context during one RUN."""
        found: list[Copy] = []
        for flag, value in instruction.flags:
            options = dict(part.partition("=")[::2] for part in value.split(","))
            target = next((options[key] for key in ("target", "dst", "destination") if key in options), "")
            if flag == "mount" and options.get("type", "bind") == "bind" and target and "from" not in options:
                source = options.get("source") or options.get("src") or "."
                found.append(Copy((source,), _absolute(stage.directory, target)))
        return found

    def _files(self, stage: Stage, copies: list[Copy]) -> Callable[[str], Passage | None]:
        def find(path: str) -> Passage | None:
            if not path.startswith("/"):
                return None
            place = _absolute("/", path)
            if place in stage.written:
                return Passage.of(stage.written[place])
            return self.context.find(place, copies)

        return find

    def _expanded(self, passage: Passage, variables: Mapping[str, Value], *, quoted: bool = False) -> Value:
        """Variables replaced and quotes removed, as in every instruction but RUN."""
        try:
            scanner = Scanner(passage)
            parts = scanner.quoted() if quoted else scanner.everything()
        except Unreadable:
            return passage.spans
        names = {part.name for part in parts if not isinstance(part, Literal) and hasattr(part, "name")}
        known = {name: Variable((variables[name],)) for name in names if name in variables}
        return Expander(Environment(known), self.context.budget, lambda body: None).value(parts)

    def _skip(self, what: str, reason: str, origin: Origin) -> None:
        self.skipped.append(Skipped(what, reason, origin))


def _fetched(stage: Stage, instruction: Instruction, parts: Sequence[Value]) -> Iterator[Added]:
    """What ``ADD`` takes from elsewhere than the build context."""
    target = _absolute(stage.directory, text_of(parts[-1])) if is_known(parts[-1]) else ""
    for part in parts[:-1]:
        source = Word(text_of(part), is_known(part))
        if _ELSEWHERE.match(source.text):
            yield Added(source, target, instruction.origin, instruction.flag("checksum"))


def _exec_form(rest: Passage) -> list[Value]:
    """The words of a JSON list; none where the rest is no such list."""
    text = rest.text.strip()
    if not text.startswith("["):
        return []
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return []
    if not isinstance(found, list) or not all(isinstance(word, str) and word for word in found):
        return []
    return [_placed(word, rest) for word in found]


def _placed(word: str, rest: Passage) -> Value:
    """A word of a JSON list with the line on which it stands, where it stands there as it is."""
    start = max(rest.text.find(f'"{word}"'), 0)
    origin = rest.origin(start)
    return tuple(Span(part, origin) for part in word.splitlines(keepends=True))


def _absolute(directory: str, path: str) -> str:
    return "/" + normpath(f"{directory}/{path}" if not path.startswith("/") else path).lstrip("/")


def _trimmed(passage: Passage) -> Passage:
    text = passage.text
    return Passage.of(passage.cut(len(text) - len(text.lstrip()), len(text.rstrip())))


def _word(value: Value, written: Passage) -> Word:
    return Word(text_of(value), True) if is_known(value) else Word(written.text, False)


_FOLLOW: dict[str, Callable[[Stages, Stage, Instruction], None]] = {
    "ARG": Stages._arg,
    "ENV": Stages._env,
    "RUN": Stages._run,
    "COPY": Stages._copy,
    "ADD": Stages._copy,
    "WORKDIR": Stages._workdir,
    "SHELL": Stages._shell,
    "EXPOSE": Stages._expose,
}
_IGNORED = frozenset(
    {
        "CMD", "ENTRYPOINT", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD", "STOPSIGNAL", "USER", "VOLUME",
    }
)  # fmt: skip
