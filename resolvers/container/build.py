"""What a Dockerfile, or a shell script, does to a root filesystem."""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.origin import Origin
from analyzer.service import Port, Skipped
from resolvers.shell.command import Command, Word


@dataclass(frozen=True, slots=True)
class Base:
    """The image that the final stage begins with, through all stages that it is built upon.

    ``platform`` is what ``--platform`` says (``linux/arm64``), empty where nothing does.
    """

    image: Word
    origin: Origin
    platform: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """What ``ADD`` fetches from elsewhere: its address, the absolute path that it gets (empty where that is
    not known), and what ``--checksum`` says of it."""

    source: Word
    target: str
    origin: Origin
    checksum: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A path of another stage (``stage``, by its name) that is copied to ``target`` of the final image."""

    stage: str
    path: str
    target: str


@dataclass(frozen=True, slots=True)
class Build:
    """The commands that shape the final root filesystem, in their order, and those that do not.

    ``commands`` are those of the final stage and of the stages that it is built upon, with those of
    stages whose system folders it copies (``COPY --from=builder / /``) and of scripts of the tree that
    it copies and runs. ``aside`` are those of other stages, by the name of the stage: what they install
    is for building only. ``base`` is None for a script, and for ``FROM scratch``, unless the root of
    another stage is copied into it: then it is that stage's. ``added`` and ``taken`` tell of the stages
    whose commands are in ``commands``. ``ports`` are those that the final stage exposes.
    """

    base: Base | None = None
    commands: tuple[Command, ...] = ()
    aside: tuple[tuple[str, Command], ...] = ()
    skipped: tuple[Skipped, ...] = ()
    added: tuple[Added, ...] = ()
    taken: tuple[Taken, ...] = ()
    ports: tuple[Port, ...] = ()
