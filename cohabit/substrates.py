"""The table of substrates that comes with cohabit (``substrates.toml``), and with it the team's own rows."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from analyzer.substrate.furnish import Table
from analyzer.substrate.rule import Rule
from analyzer.substrate.surroundings import Policy
from cohabit.configuration import ConfigurationError
from cohabit.configuration_rule import Fault, Spot, many, table
from cohabit.settings import Settings
from cohabit.substrate_rules import read_rules, read_size
from resolvers.toml_file import parse_toml

FILE = Path(__file__).with_name("substrates.toml")


def substrate_rules(settings: Settings) -> Table:
    """The rules of an audit. A row of the team's takes the place of one of the same name."""
    shipped = shipped_rules()
    rows: dict[str, Rule] = {row.name: row for row in (*shipped.rules, *settings.substrate_rules)}
    return Table(tuple(rows.values()), shipped.sizes, Policy(settings.kvm, settings.rules.trust))


@cache
def shipped_rules() -> Table:
    """The table that comes with cohabit, read once."""
    return read_table(FILE.read_text(encoding="utf-8"), FILE.name)


def read_table(text: str, name: str) -> Table:
    """The table in ``text``, as the file ``name``.

    Raises ManifestError where it is no TOML, ConfigurationError with all that is wrong in it.
    """
    file = parse_toml(text, name)
    faults: list[Fault] = []
    spot = Spot(file.data, (), lambda keys: file.origin(*keys), faults)
    found = table({"substrate-rule": read_rules, "size": many(read_size)})(spot) or {}
    if faults:
        raise ConfigurationError(faults)
    return Table(found.get("substrate-rule", ()), found.get("size", ()))
