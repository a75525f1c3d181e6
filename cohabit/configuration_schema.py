"""The keys of ``cohabit.toml``, and what each may hold (docs/configuration.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from analyzer.origin import Origin
from cohabit import configuration_value as value
from cohabit import quantity
from cohabit.configuration_gate import gate_keys, read_severities, read_waivers
from cohabit.configuration_housing import HOUSING, check_machines, housing
from cohabit.configuration_rule import Rule, Spot, by_name, many, one, table
from cohabit.settings import ServiceSettings
from cohabit.substrate_rules import read_rules
from resolvers.tree import Tree

PLATFORM: Mapping[str, Rule] = {
    "python": one(value.python_version),
    "os": one(value.operating_system),
    "arch": one(value.architecture),
}


def pip_keys(base: Path, *, trusted: bool) -> Mapping[str, Rule]:
    """The keys of ``[pip]``; paths are relative to ``base``."""
    return {
        "index-url": one(value.index_place(base)),
        "find-links": many(one(value.index_place(base))),
        "exclude-newer": one(quantity.cutoff),
        "offline": one(value.flag),
        "allow-build": one(value.flag) if trusted else _refused_build,
        "timeout": one(quantity.seconds),
    }


def git_keys(base: Path, *, trusted: bool) -> Mapping[str, Rule]:
    """The keys of ``[git]``; paths are relative to ``base``."""
    return {
        "allow-network": one(value.flag) if trusted else _refused_network,
        "mirrors": many(one(value.local_path(base))),
    }


def service_keys(tree: Tree) -> Mapping[str, Rule]:
    """The keys of a ``[[service]]``."""
    return {
        "name": one(value.text),
        "path": one(value.path_within(tree)),
        "platform": table(PLATFORM),
        "owner": one(value.text),
        "trust": one(value.text),
        "memory": one(quantity.memory),
        "cpu": one(quantity.cores),
        "ports": many(one(quantity.port)),
        "extras": many(one(value.dependency_group)),
        "groups": many(one(value.dependency_group)),
        "replicas": one(quantity.count),
        "devices": many(one(value.text)),
        "kernel": many(one(value.kernel_need)),
        "run-seconds": one(quantity.span),
        "image-size": one(quantity.memory),
        "unzipped-size": one(quantity.memory),
        "stateful": one(value.flag),
        "machines": many(one(value.text)),
        "not-machines": many(one(value.text)),
    }


ENVIRONMENT: Mapping[str, Rule] = {
    "boundary": one(value.boundary),
    "services": many(one(value.text)),
}


def file_keys(root: Path, base: Path, *, trusted: bool) -> Mapping[str, Rule]:
    """The keys of the top level.

    ``root`` is the audited folder, ``base`` the folder of the configuration file. Only in a
    ``trusted`` file, one that the user named, may ``allow-build`` and ``allow-network`` be set: what lies
    in the audited folder may be anybody's, building runs code, and servers hear what is asked.
    """
    return {
        "boundaries": many(one(value.boundary)),
        "discover": one(value.flag),
        "exclude": many(one(value.pattern)),
        "stance": one(value.stance),
        "optimistic": one(value.flag),
        "cache": one(value.flag),
        "jobs": one(quantity.count),
        "plan-seconds": one(quantity.seconds),
        "max-conflict-size": one(quantity.count),
        "prices": one(quantity.count_from_zero),
        "machine-lists": one(value.flag),
        "platform": table(PLATFORM),
        "pip": table(pip_keys(base, trusted=trusted)),
        "git": table(git_keys(base, trusted=trusted)),
        "service": _services(table(service_keys(Tree(root)))),
        "environment": _environments,
        **HOUSING,
        "kvm": one(value.flag),
        "substrate-rule": read_rules,
        "maven-repository": many(one(value.index_place(base))),
        "maven": by_name(value.maven_modules, one(value.version_scheme)),
        "gate": table(gate_keys(root, base, trusted=trusted)),
        "severity": read_severities,
        "waiver": read_waivers,
        "universe": by_name(value.distribution, many(one(value.local_path(base)))),
    }


ELSEWHERE = (
    dict.fromkeys(PLATFORM, "[platform]")
    | dict.fromkeys(pip_keys(Path(), trusted=True), "[pip]")
    | dict.fromkeys(git_keys(Path(), trusted=True), "[git]")
    | dict.fromkeys(gate_keys(Path(), Path(), trusted=True), "[gate]")
)
"""Where keys belong that may be written at the top level by mistake."""


def read_settings(keys: Mapping[str, Rule], spot: Spot) -> dict[str, Any]:
    """The fields of Settings, and ``python``, ``os``, ``arch``, that the top level of a file states."""
    found = table(keys, elsewhere=ELSEWHERE)(spot) or {}
    check_machines(spot, found)
    housed = housing(found)
    discover = found.pop("discover", True)
    if not discover and not found.get("service"):
        spot.inside("discover", discover).complain("is false, but no [[service]] is listed")
    tables = ("platform", "pip", "git", "gate")
    flat = {key: setting for name in tables for key, setting in found.pop(name, {}).items()} | found
    renamed = {"service": "services", "environment": "layout", "mirrors": "git_mirrors"}
    renamed |= {"substrate-rule": "substrate_rules", "severity": "severities", "waiver": "waivers"}
    fields = {renamed.get(key, key.replace("-", "_")): setting for key, setting in flat.items()}
    layout = fields.pop("layout", ())
    if layout:
        fields["present"] = tuple(environment for environment, _ in layout)
        fields["present_origins"] = tuple(origin for _, origin in layout)
    if housed is not None:
        fields |= {"rules": housed.rules, "placement_origins": housed.placement_origins}
    return fields if discover else fields | {"only_listed": True}


def _services(entry: Callable[[Spot], dict[str, Any] | None]) -> Rule:
    def read(spot: Spot) -> ServiceSettings | None:
        given = entry(spot)
        if isinstance(spot.value, dict) and spot.value.keys().isdisjoint(("path", "name")):
            spot.complain("'path' is missing, or the 'name' of a service that a deployment file tells of")
        if not given or given.keys().isdisjoint(("path", "name")):
            return None
        flat = given.pop("platform", {}) | {key.replace("-", "_"): setting for key, setting in given.items()}
        flat["ports_origin"] = spot.inside("ports", None).origin
        return ServiceSettings(flat.pop("name", ""), flat.pop("path", None), spot.origin, **flat)

    def rule(spot: Spot) -> tuple[ServiceSettings, ...] | None:
        services = many(read)(spot)
        unnamed = {s.path for s in services or () if not s.name}
        _no_two_share(spot, "path", ((s.path or ".", s.origin) for s in services or () if s.path in unnamed))
        _no_two_share(spot, "name", ((named, s.origin) for s in services or () if (named := s.name or s.path)))
        return services

    return rule


def _no_two_share(spot: Spot, key: str, entries: Iterable[tuple[str, Origin]]) -> None:
    first: dict[str, Origin] = {}
    for name, origin in entries:
        if name in first:
            spot.faults.append((origin, f"{key}: {name!r} is the {key} of the service in {first[name]} too"))
        first.setdefault(name, origin)


def _environments(spot: Spot) -> Any:
    from analyzer.service import PresentEnvironment

    entry = table(ENVIRONMENT, required=("boundary", "services"))

    def read(inner: Spot) -> tuple[PresentEnvironment, Origin] | None:
        given = entry(inner)
        if not given or given.keys() != ENVIRONMENT.keys():
            return None
        return PresentEnvironment(given["boundary"], given["services"]), inner.origin

    layout = many(read)(spot) or ()
    homes: dict[tuple[str, str], Origin] = {}
    for environment, origin in layout:
        for name in environment.services:
            home = homes.setdefault((environment.boundary, name), origin)
            if home is not origin:
                reason = f"services: {name!r} is in the {environment.boundary} in {home} too"
                spot.faults.append((origin, reason))
    return layout


def _refused_build(spot: Spot) -> None:
    spot.complain(_refused("COHABIT_ALLOW_BUILD", "building runs code"))


def _refused_network(spot: Spot) -> None:
    spot.complain(_refused("COHABIT_ALLOW_NETWORK", "it lets manifests name servers that are asked"))


def _refused(variable: str, why: str) -> str:
    return (
        f"counts on the command line, in {variable} and in a file given with --config only, "
        f"since {why} and this file lies in the audited folder"
    )
