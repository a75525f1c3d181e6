"""From the name of an image to the folder of the tree that it is built from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from analyzer.service import Skipped
from resolvers.deployment.deployed import Deployed
from resolvers.deployment.skaffold import Artifact
from resolvers.seam import Recipe

_TAIL = re.compile(r"(?:@sha256:[0-9a-f]+)$|:[^:/]*$")


@dataclass(frozen=True, slots=True)
class Sources:
    """What tells where images come from: services that Compose builds, Skaffold's artifacts, and the folders
    that hold a Dockerfile, by their path."""

    built: Sequence[Deployed]
    artifacts: Sequence[Artifact]
    dockerfiles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Source:
    """A folder and how the image is built there; ``name`` is that of the Compose service, if it is one's."""

    folder: str
    recipe: Recipe | None
    name: str = ""


def located(deployed: Deployed, sources: Sources) -> tuple[Deployed, str]:
    """A container with the folder that its image is built from, where one and no more fits, and the name of the
    Compose service that it is.

    Looked at are, in this order: images of Compose services and of Skaffold's artifacts that have its image's
    name, a Compose service that is built and has its own name, and folders called like the image or like itself
    that hold a Dockerfile.
    """
    for found in _candidates(deployed, sources):
        places = {source.folder for source in found}
        if len(places) > 1:
            reason = f"may be built in {', '.join(sorted(p or '.' for p in places)[:5])}; name it in cohabit.toml"
            unclear = Skipped(f"image {deployed.image}", reason, deployed.origin)
            return replace(deployed, skipped=(*deployed.skipped, unclear)), ""
        if places:
            source = found[0]
            recipe = source.recipe
            if recipe is not None and deployed.platform and not recipe.platform:
                recipe = replace(recipe, platform=deployed.platform)
            return replace(deployed, folder=source.folder, recipe=recipe), source.name
    return deployed, ""


def _candidates(deployed: Deployed, sources: Sources) -> Iterator[list[Source]]:
    wanted, last = repository(deployed.image), repository(deployed.image).rpartition("/")[2]
    yield [_of_service(s) for s in sources.built if s.image and s.image == deployed.image]
    yield [_of_service(s) for s in sources.built if s.image and repository(s.image) == wanted and _is_own(s, sources)]
    yield [_of_artifact(a) for a in sources.artifacts if repository(a.image) == wanted]
    yield [_of_artifact(a) for a in sources.artifacts if repository(a.image).rpartition("/")[2] == last]
    names = dict.fromkeys((deployed.name, *deployed.name.split("/")))
    for name in names:
        yield [_of_service(s) for s in sources.built if s.name == name]
    for name in dict.fromkeys((last, *names)):
        yield [
            Source(folder, Recipe(path, folder))
            for folder, path in sources.dockerfiles.items()
            if folder and folder.rpartition("/")[2] == name
        ]


def _is_own(service: Deployed, sources: Sources) -> bool:
    """Whether the name of its image without the tag is no other service's too."""
    own = repository(service.image)
    return sum(repository(other.image) == own for other in sources.built if other.image) == 1


def _of_service(service: Deployed) -> Source:
    return Source(service.folder or "", service.recipe, service.name)


def _of_artifact(artifact: Artifact) -> Source:
    return Source(artifact.folder, artifact.recipe)


def repository(image: str) -> str:
    """An image's name without its tag and digest."""
    return _TAIL.sub("", _TAIL.sub("", image))


def built(deployed: Iterable[Deployed]) -> tuple[Deployed, ...]:
    """The services that are built from a folder of the tree."""
    return tuple(service for service in deployed if service.folder is not None)
