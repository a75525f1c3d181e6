"""Gathers what a service's image begins with: the distribution, its release, the architecture, and a Python version."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from analyzer.demands import ANY_LINUX, ARCHITECTURE, OPERATING_SYSTEM
from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.package import PYTHON
from analyzer.requirement import Requirement
from analyzer.service import Platform, Skipped
from resolvers.container.build import Base, Build
from resolvers.container.containerfile import read_recipe
from resolvers.container.image import Image, resolve
from resolvers.container.image_python import image_python
from resolvers.container.image_table import table
from resolvers.container.os_release import parse_os_release
from resolvers.container.other_systems import installed_otherwise
from resolvers.container.places import Recipes, recipe, recipes, root_filesystem
from resolvers.container.unread_scripts import unread_scripts
from resolvers.credentials import without_credentials
from resolvers.discovery import FOR_DEVELOPMENT
from resolvers.seam import Gathered, Manifest, Recipe, Wish
from resolvers.tree import Tree

ECOSYSTEM = "generic"
DOCKERFILE = "Dockerfile"
DEVELOPMENT = f"{DOCKERFILE} {FOR_DEVELOPMENT}"
ROOT_FILESYSTEM = "root filesystem"

SHOWN = 200
"""Characters of an image's name that a message repeats."""

BuildReader = Callable[[Tree, Recipe], Build]
"""Reads a Dockerfile. Raises ManifestError."""

_REMEDY = "set `platform.os` in cohabit.toml"
_ARCHITECTURES = {
    "386": "i686",
    "amd64": "x86_64",
    "arm": "armv7l",
    "arm64": "aarch64",
    "loong64": "loongarch64",
    "ppc64le": "ppc64le",
    "riscv64": "riscv64",
    "s390x": "s390x",
}
"""What uname calls the architectures of ``--platform`` (OCI image index, ``architecture``)."""


@dataclass(frozen=True, slots=True)
class ImageGatherer:
    """Gathers the base of a service's Dockerfile, or of the root filesystem that its folder is."""

    read: BuildReader = read_recipe
    ecosystem: str = ECOSYSTEM

    def manifests(self, tree: Tree, directory: str) -> tuple[Manifest, ...]:
        """The Dockerfiles of a service's folder, and what tells that it is a root filesystem."""
        found = recipes(tree, directory)
        named = [(path, DOCKERFILE) for path in (found.meant, *found.others) if path]
        named += [(path, DEVELOPMENT) for path in found.development]
        if system := root_filesystem(tree, directory):
            named.append((system, ROOT_FILESYSTEM))
        return tuple(Manifest(path, role) for path, role in named)

    def gather(self, tree: Tree, directory: str, wish: Wish) -> Gathered:
        """The base, unless configuration says on which system the service runs."""
        is_open = wish.platform.os == ANY_LINUX
        parts = [Gathered(skipped=tuple(_aside(recipes(tree, directory), directory)))] if not wish.recipe else []
        if meant := recipe(tree, directory, wish):
            parts.append(self._of_build(tree, meant, wish))
        if is_open and (system := root_filesystem(tree, directory)):
            parts.append(_of_root_filesystem(tree, system))
        return Gathered(
            skipped=tuple(item for part in parts for item in part.skipped),
            base=tuple(requirement for part in parts for requirement in part.base),
            ports=tuple(port for part in parts for port in part.ports),
        )

    def _of_build(self, tree: Tree, meant: Recipe, wish: Wish) -> Gathered:
        try:
            build = self.read(tree, meant)
        except ManifestError as error:
            return Gathered(skipped=(Skipped(meant.path, error.reason, error.origin),))
        base = build.base
        if base is not None and not base.platform:
            base = replace(base, platform=meant.platform)
        found = of_base(base, wish) if base is not None else Gathered()
        unseen = (*installed_otherwise(build), *unread_scripts(build))
        return replace(found, skipped=(*build.skipped, *found.skipped, *unseen), ports=build.ports)


def of_base(base: Base, wish: Wish) -> Gathered:
    """What an image stands on, or why that is not known; the system, the architecture and the Python version
    only where configuration leaves them open."""
    is_open = wish.platform.os == ANY_LINUX
    image = resolve(base.image.text) if base.image.known else None
    found = image or Image("")
    demanded = []
    if wish.platform.arch == Platform().arch:
        demanded.append((ARCHITECTURE, architecture(base.platform) or found.architecture))
    demanded += [(OPERATING_SYSTEM, found.release)] if is_open else []
    if base.image.known and not wish.platform.python and (python := image_python(base.image.text)):
        demanded.append((PYTHON, f"=={python}.*"))
    origin = replace(base.origin, text=base.origin.text or _instruction(base))
    requirements = tuple(Requirement(package, text, origin) for package, text in demanded if text)
    return Gathered(skipped=tuple(_notes(base, image, origin)) if is_open else (), base=requirements)


def _instruction(base: Base) -> str:
    options = f"--platform={base.platform} " if base.platform else ""
    return f"FROM {_shown(options + base.image.text)}"


def _notes(base: Base, image: Image | None, origin: Origin) -> Iterator[Skipped]:
    name = _shown(base.image.text)
    if not base.image.known:
        yield _base_image(name, f"depends on what only a build tells; {_REMEDY}", origin)
    elif image is None:
        yield _base_image(name, f"is no image whose distribution cohabit knows; {_REMEDY}", origin)
    elif image.moving:
        reason = f"{name} moves; it stood for {image.release} on {table().date}"
        yield replace(_base_image(name, reason, origin), incomplete=False)


def _base_image(name: str, reason: str, origin: Origin) -> Skipped:
    return Skipped(f"base image {name}", reason, origin)


def architecture(platform: str) -> str:
    """uname's name for the architecture of ``linux/arm64/v8``; empty where it says none."""
    parts = platform.split("/")
    return _ARCHITECTURES.get(parts[1], "") if len(parts) > 1 else ""


def _of_root_filesystem(tree: Tree, path: str) -> Gathered:
    try:
        found = parse_os_release(tree.read_text(path), path)
    except ManifestError as error:
        return Gathered(skipped=(Skipped(path, f"{error.reason}; {_REMEDY}", error.origin),))
    return Gathered(base=(Requirement(OPERATING_SYSTEM, found.release, found.origin),))


def _aside(found: Recipes, directory: str) -> Iterator[Skipped]:
    """Dockerfiles that are not taken into account."""
    for path in found.development:
        reason = "is for development, by its name; list it in cohabit.toml to count it"
        yield Skipped(path, reason, Origin(path), incomplete=False)
    for path in found.others if found.meant else ():
        reason = f"{found.meant} is taken for what builds the service; list this one in cohabit.toml to count it"
        yield Skipped(path, reason, Origin(path), incomplete=False)
    if found.others and not found.meant:
        reason = f"nothing says which of {', '.join(found.others)} builds the service; list it in cohabit.toml"
        yield Skipped("Dockerfiles", reason, Origin(directory or "."))


def _shown(text: str) -> str:
    kept = without_credentials(text[: 4 * SHOWN])
    return "".join(char if char.isprintable() else "?" for char in kept)[:SHOWN]
