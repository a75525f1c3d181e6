"""``skaffold.yaml``: which folder an image is built from (Skaffold, "skaffold.yaml", ``build.artifacts``)."""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.errors import ManifestError
from analyzer.service import Skipped
from resolvers.deployment.place import place
from resolvers.deployment.yaml_file import Yaml, parse, read_documents
from resolvers.seam import Recipe
from resolvers.tree import Tree

NAMES = ("skaffold.yaml", "skaffold.yml")


@dataclass(frozen=True, slots=True)
class Artifact:
    """An image and how it is built."""

    image: str
    folder: str
    recipe: Recipe


def read_artifacts(tree: Tree, path: str) -> tuple[tuple[Artifact, ...], tuple[Skipped, ...]]:
    """The artifacts of a ``skaffold.yaml`` that are built with Docker, and what could not be read."""
    found: list[Artifact] = []
    skipped: list[Skipped] = []
    try:
        for document in read_documents(tree, path):
            for entry in parse(document).get("build", "artifacts").list():
                found.append(_artifact(entry, path.rpartition("/")[0]))
    except ManifestError as error:
        skipped.append(Skipped(path, error.reason, error.origin, incomplete=False))
    return tuple(found), tuple(skipped)


def _artifact(entry: Yaml, folder: str) -> Artifact:
    context = place(folder, entry.get("context"), ".")
    docker = entry.get("docker")
    arguments = docker.get("buildArgs").mapping()
    # What a template says only Skaffold can tell.
    known = {name: given.scalar() for name, given in arguments.items() if "{{" not in given.scalar()}
    recipe = Recipe(
        place(context, docker.get("dockerfile"), "Dockerfile"),
        context,
        docker.get("target").scalar(),
        tuple(known.items()),
    )
    return Artifact(entry.get("image").scalar(), context, recipe)
