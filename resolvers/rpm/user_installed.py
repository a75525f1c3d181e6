"""Which packages of a root filesystem nobody asked for: dnf remembers what came as a dependency."""

from __future__ import annotations

from collections.abc import Iterator

from resolvers.rpm.read_only_database import ReadOnlyDatabase, read_only
from resolvers.toml_file import read_toml
from resolvers.tree import Tree, join

HISTORY = "var/lib/dnf/history.sqlite"
STATE = "usr/lib/sysimage/libdnf5/packages.toml"
ROW_LIMIT = 1_000_000

_DONE = 1
_LEAVING = {3, 5, 7, 10}
"""Actions on the package that goes (libdnf, ``TransactionItemAction``): DOWNGRADED, OBSOLETED, UPGRADED and
REINSTALLED."""

_RPM = ("item_id", "name", "arch")
_ITEM = ("trans_id", "item_id", "action", "reason")
_REMOVE = 8
_DEPENDENCY, _WEAK_DEPENDENCY = 1, 4
_NOT_ASKED = {"dependency", "weak dependency"}


def dependencies(tree: Tree, root: str) -> frozenset[str]:
    """The names of the packages that came as dependencies, on whatever architecture.

    Raises ManifestError where dnf's records cannot be read.
    """
    if tree.exists(path := join(root, STATE)):
        reasons = dict(_of_state(tree, path))
    elif tree.exists(path := join(root, HISTORY)):
        with read_only(tree, path) as database:
            reasons = dict(_of_history(database))
    else:
        reasons = {}
    asked = {name for (name, _), is_dependency in reasons.items() if not is_dependency}
    return frozenset(name for name, _ in reasons) - asked


def _of_history(database: ReadOnlyDatabase) -> Iterator[tuple[tuple[str, str], bool]]:
    """By the last transaction on a package (libdnf, ``Swdb::resolveRPMTransactionItemReason``)."""
    done = {number for number, state in database.rows("trans", ("id", "state"), ROW_LIMIT) if state == _DONE}
    named = {item: (str(name), str(arch)) for item, name, arch in database.rows("rpm", _RPM, ROW_LIMIT)}
    last: dict[tuple[str, str], tuple[int, int, int]] = {}
    for transaction, item, action, reason in database.rows("trans_item", _ITEM, ROW_LIMIT):
        is_whole = all(isinstance(number, int) for number in (transaction, action, reason))
        if is_whole and transaction in done and item in named and action not in _LEAVING:
            last[named[item]] = max(last.get(named[item], (-1, 0, 0)), (transaction, action, reason))
    for package, (_, action, reason) in last.items():
        yield package, action != _REMOVE and reason in (_DEPENDENCY, _WEAK_DEPENDENCY)


def _of_state(tree: Tree, path: str) -> Iterator[tuple[tuple[str, str], bool]]:
    file = read_toml(tree, path)
    for key in file.table("packages"):
        name, _, arch = key.rpartition(".")
        yield (name, arch), file.string("packages", key, "reason").lower() in _NOT_ASKED
