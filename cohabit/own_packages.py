"""Makes sure that ``analyzer``, ``resolvers`` and ``reports`` are cohabit's own.

The three have names that an audited project may use as well, and ``python -m cohabit`` or an
interactive session puts the project's folder first on ``sys.path``. They are therefore looked up
beside this package, whatever comes before it on the path.
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType

NAMES = ("analyzer", "resolvers", "reports")


def claim(home: Path | None = None) -> None:
    """Import each of ``NAMES`` from the folder that holds this package.

    Raises ImportError where the process has imported another package under such a name before.
    """
    place = (home or Path(__file__).resolve().parent.parent).resolve()
    for name in NAMES:
        loaded = sys.modules.get(name)
        if loaded is None:
            _load(name, place)
        elif not _is_from(loaded, place):
            raise ImportError(
                f"{name!r} was imported from {loaded.__file__} before cohabit, which has a package of that name: "
                "import cohabit first"
            )


def _load(name: str, place: Path) -> None:
    spec = PathFinder.find_spec(name, [str(place)])
    if spec is None or spec.loader is None:
        raise ImportError(f"cohabit is incomplete: there is no {name!r} in {place}")
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise


def _is_from(module: ModuleType, place: Path) -> bool:
    return module.__file__ is not None and Path(module.__file__).resolve().is_relative_to(place)
