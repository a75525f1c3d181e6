"""What a Dockerfile, or a shell script of the tree, does to a root filesystem."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.service import Skipped
from resolvers.container.build import Base, Build
from resolvers.container.copies import BuildContext
from resolvers.container.instruction import instructions
from resolvers.container.reading_once import kept
from resolvers.container.stage import SYSTEM, Stage, Stages
from resolvers.seam import Recipe
from resolvers.shell.budget import TEXT_LIMIT, Budget, Exhausted
from resolvers.shell.command import Command
from resolvers.shell.passage import Passage, Span
from resolvers.shell.script import Setting, follow
from resolvers.tree import Tree

_MAKES_ROOT = frozenset({"debootstrap", "mmdebstrap", "cdebootstrap", "multistrap"})


def read_recipe(tree: Tree, recipe: Recipe) -> Build:
    """The build that a Recipe describes, read once for a service. Raises ManifestError as ``read_build`` does."""
    return kept(
        tree, recipe, lambda: read_build(tree, recipe.path, recipe.context, recipe.target, dict(recipe.arguments))
    )


def read_build(
    tree: Tree, path: str, context: str, target: str = "", arguments: Mapping[str, str] = MappingProxyType({})
) -> Build:
    """The build of the stage ``target`` (its name or number), of the last one by default.

    ``context`` is the folder of the tree that ``COPY`` copies from; ``arguments`` are what ``--build-arg``
    gives. Raises ManifestError where the file cannot be read, has no stage or none of that name.
    """
    given = {name: (Span(text, Origin(path)),) for name, text in arguments.items()}
    stages = Stages(BuildContext(tree, context, Budget()), given)
    try:
        for instruction in instructions(_text(tree, path), path):
            stages.take(instruction)
    except Exhausted as error:
        stages.skipped.append(Skipped("the rest of the Dockerfile", str(error), Origin(path)))
    if not stages.all:
        raise ManifestError(Origin(path), "has no FROM")
    final = stages.named(target) if target else stages.all[-1]
    if final is None:
        raise ManifestError(Origin(path), f"has no stage {target}")
    return _build(stages, final)


def read_script(tree: Tree, path: str) -> Build:
    """The commands of a shell script, and of the scripts of the tree that it runs.

    Raises ManifestError where the file cannot be read.
    """
    files = BuildContext(tree, "", Budget())
    script = Passage.written(_text(tree, path), path)
    folder = "/" + path.rpartition("/")[0]

    def find(place: str) -> Passage | None:
        # A script is run from its own folder or from the top of the tree: nothing says which.
        return files.text(place.lstrip("/")) or files.text(place.removeprefix(folder).lstrip("/"))

    name = (Span(f"/{path}", Origin(path, 1)),)
    followed = follow(script, Setting(directory=folder, files=find, budget=files.budget, name=name))
    return Build(commands=followed.commands, skipped=followed.skipped)


def _text(tree: Tree, path: str) -> str:
    text = tree.read_text(path)
    if len(text) > TEXT_LIMIT:
        raise ManifestError(Origin(path), f"is longer than {TEXT_LIMIT} characters")
    return text


def _build(stages: Stages, final: Stage) -> Build:
    """A stage refers to earlier ones only, so that one pass back finds all that it takes from."""
    whole, roots = {final.index}, dict[int, set[str]]()
    for stage in reversed(stages.all[: final.index + 1]):
        folders = roots.get(stage.index, set())
        if stage.parent is not None and folders:
            roots.setdefault(stage.parent, set()).update(folders)
        if stage.index not in whole:
            continue
        if stage.parent is not None:
            whole.add(stage.parent)
        for loan in stage.loans:
            if loan.folder in SYSTEM:
                whole.add(loan.stage)
            else:
                roots.setdefault(loan.stage, set()).add(loan.folder)
    commands: list[Command] = []
    aside: list[tuple[str, Command]] = []
    for stage in stages.all:
        folders = roots.get(stage.index, set())
        for command in stage.commands:
            if stage.index in whole or _concerns(command, folders):
                commands.append(command)
            else:
                aside.append((stage.name, command))
    parts = [stage for stage in stages.all if stage.index in whole]
    return Build(
        _base(stages, final),
        tuple(commands),
        tuple(aside),
        tuple(stages.skipped),
        tuple(added for stage in parts for added in stage.added),
        tuple(taken for stage in parts for taken in stage.taken),
        tuple(final.ports.values()),
    )


def _base(stages: Stages, final: Stage) -> Base | None:
    """The image at the end of the chain: of a stage that begins with nothing, that of the stage whose root
    it takes."""
    stage: Stage | None = final
    while stage is not None:
        if stage.base is not None:
            return stage.base
        stage = _root_of(stages, stage)
    return None


def _root_of(stages: Stages, stage: Stage) -> Stage | None:
    """The stage whose root filesystem, or one that its package manager made in a folder, becomes this one's."""
    for loan in stage.loans:
        lender = stages.all[loan.stage]
        if loan.target == "/" and (
            loan.folder == "/" or any(_installs(c, loan.folder) for c in _chain(stages, lender))
        ):
            return lender
    return stages.all[stage.parent] if stage.parent is not None else None


def _chain(stages: Stages, stage: Stage) -> Iterable[Command]:
    while True:
        yield from stage.commands
        if stage.parent is None:
            return
        stage = stages.all[stage.parent]


def _installs(command: Command, folder: str) -> bool:
    """Whether a command installs packages into a folder as another root (``dnf --installroot``)."""
    texts = [word.text for word in command.words]
    into_root = any("root" in text for text in texts if text.startswith("-"))
    return _concerns(command, {folder}) and (into_root or texts[0].rpartition("/")[2] in _MAKES_ROOT)


def _concerns(command: Command, folders: set[str]) -> bool:
    return any(word.text.rpartition("=")[2].rstrip("/") in folders for word in command.words if word.known)
