"""Whether a word means a code of the documentation, or a service that happens to be called so."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

_NAMING = (".toml", ".yml", ".yaml", ".json")
_FILES, _CHARACTERS = 100, 1_000_000


def may_be_service(word: str, path: Path) -> bool:
    """Whether it is worth gathering the services under ``path`` to see if one is called ``word``.

    Services are called after their folders, or by what a file beside them says (configuration, Compose,
    Kubernetes); gathering a large tree only to read about a code would take its time.
    """
    if path.is_file():
        return True
    return (path / word).exists() or any(word in text for text in _texts(path))


def _texts(folder: Path) -> Iterator[str]:
    try:
        found = sorted(place for place in folder.iterdir() if place.suffix in _NAMING and place.is_file())
    except OSError:
        return
    for place in islice(found, _FILES):
        try:
            with place.open(encoding="utf-8", errors="replace") as file:
                yield file.read(_CHARACTERS)
        except OSError:
            continue
