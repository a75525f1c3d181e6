"""Where a service's image is described: its Dockerfile (Containerfile), or a root filesystem as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from resolvers.seam import Recipe, Wish
from resolvers.tree import Tree, join

DOCKER_FOLDER = "docker"
"""The folder of a service in which its Dockerfile may lie instead."""

OS_RELEASE = ("etc/os-release", "usr/lib/os-release")
"""What tells a root filesystem, the first that is there (os-release(5))."""

_PLAIN = ("Dockerfile", "Containerfile", "dockerfile", "containerfile")
"""Names that a builder takes unasked, the one it would take first."""

_NAMED = re.compile(r"(?:docker|container)file[-_.](?P<tail>[^/]+)|(?P<head>[^/]+)[-_.](?:docker|container)file", re.I)
_NO_RECIPE = re.compile(
    r"(?:.*[-_.])?(?:dockerignore|containerignore|md|rst|txt|orig|bak|swp|sh|py|j2|tmpl|template)", re.I
)
_DEVELOPMENT = re.compile(
    r"(?:.*[-_.])?(?:dev|devel|develop|development|devcontainer|debug|tests?|testing|e2e|integration|ci|lint|local"
    r"|bench|benchmarks?|docs?|build|builder|tools?|examples?)(?:[-_.].*)?",
    re.I,
)
_PRODUCTION = re.compile(r"(?:.*[-_.])?(?:prod|production|release|runtime|deploy)(?:[-_.].*)?", re.I)
_PROJECTS = frozenset(
    {
        "requirements.txt", "requirements.in", "pyproject.toml", "setup.py", "setup.cfg", "Pipfile", "package.json",
        "go.mod", "Cargo.toml", "pom.xml", "build.gradle", "build.gradle.kts", "Gemfile", "composer.json",
    }
)  # fmt: skip
"""Files that make a folder a project of its own, even if it is called ``docker``."""


@dataclass(frozen=True, slots=True)
class Recipes:
    """The Dockerfiles of a service's folder, as paths.

    ``meant`` builds the service, empty where none is there or it is open which of ``others`` does.
    ``development`` are those for development, by their names.
    """

    meant: str = ""
    others: tuple[str, ...] = ()
    development: tuple[str, ...] = ()


def recipes(tree: Tree, directory: str) -> Recipes:
    """The Dockerfiles of a service's folder and of ``docker`` in it. Of several the plain ``Dockerfile``
    is meant, the folder's own first; else the one for production, or the only one.

    Where ``directory`` is a file, as configuration may list one, it alone is meant if it is a Dockerfile.
    """
    name = directory.rpartition("/")[2]
    if directory and not tree.is_folder(directory):
        return Recipes(directory) if _is_recipe(name) and tree.exists(directory) else Recipes()
    found = [join(folder, name) for folder in _folders(tree, directory) for name in _recipes_in(tree, folder)]
    for_use = [path for path in found if not _says(_DEVELOPMENT, path)]
    meant = _meant(for_use)
    return Recipes(
        meant,
        tuple(path for path in for_use if path != meant),
        tuple(path for path in found if path not in for_use),
    )


def containerfiles(tree: Tree, directory: str) -> tuple[str, ...]:
    """The path of the Dockerfile that builds the service in ``directory``; none where it is open which."""
    meant = recipes(tree, directory).meant
    return (meant,) if meant else ()


def recipe(tree: Tree, directory: str, wish: Wish) -> Recipe | None:
    """How the image of the service in ``directory`` is built: as is wished, else by the Dockerfile of its
    folder; None where it is open by which."""
    if wish.recipe is not None:
        return wish.recipe
    path = next(iter(containerfiles(tree, directory)), "")
    folder = directory if tree.is_folder(directory) else directory.rpartition("/")[0]
    return Recipe(path, folder) if path else None


def root_filesystem(tree: Tree, directory: str) -> str:
    """The path of the file that tells that ``directory`` is a root filesystem, ``""`` where it is none."""
    return next((path for name in OS_RELEASE if tree.exists(path := join(directory, name))), "")


def _meant(paths: list[str]) -> str:
    """``paths`` are in the order in which a builder, and then a reader, would look at them."""
    plain = [path for path in paths if _name(path) in _PLAIN]
    production = [path for path in paths if _says(_PRODUCTION, path)]
    if plain:
        return plain[0]
    chosen = production or paths
    return chosen[0] if len(chosen) == 1 else ""


def _folders(tree: Tree, directory: str) -> Iterable[str]:
    yield directory
    inner = join(directory, DOCKER_FOLDER)
    if tree.is_folder(inner) and _PROJECTS.isdisjoint(tree.names(inner)):
        yield inner


def _recipes_in(tree: Tree, folder: str) -> list[str]:
    named = [name for name in tree.names(folder) if _is_recipe(name) and not tree.is_folder(join(folder, name))]
    return sorted(named, key=lambda name: (_PLAIN.index(name) if name in _PLAIN else len(_PLAIN), name))


def _is_recipe(name: str) -> bool:
    return name in _PLAIN or (bool(_tail(name)) and _NO_RECIPE.fullmatch(_tail(name)) is None)


def _says(words: re.Pattern[str], path: str) -> bool:
    return words.fullmatch(_tail(_name(path))) is not None


def _tail(name: str) -> str:
    """What a Dockerfile's name says besides that it is one: ``api`` of ``Dockerfile.api`` and ``api.dockerfile``."""
    found = _NAMED.fullmatch(name)
    return (found["tail"] or found["head"]) if found else ""


def _name(path: str) -> str:
    return path.rpartition("/")[2]
