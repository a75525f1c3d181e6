"""The one place that names concrete resolvers. Others join through the entry point group
``cohabit.resolvers``: each names a class without arguments that is a ``Gatherer``."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from importlib.metadata import EntryPoint, entry_points

from analyzer import pep440
from analyzer.direct import Exclusive
from analyzer.errors import CohabitError
from analyzer.package import JDK
from analyzer.requirement import Requirement
from resolvers.bundled.cargo_gather import CargoGatherer
from resolvers.bundled.composer_gather import ComposerGatherer
from resolvers.bundled.deno_gather import DenoGatherer
from resolvers.bundled.gem_gather import GemGatherer
from resolvers.bundled.go_gather import GoGatherer
from resolvers.bundled.npm_gather import NpmGatherer
from resolvers.bundled.nuget_gather import NugetGatherer
from resolvers.bundled.unread_gather import UnreadGatherer
from resolvers.container.gather import ImageGatherer
from resolvers.deb.direct import pins_differ as deb_pins_differ
from resolvers.deb.gather import DebGatherer
from resolvers.deb.replay import replay as replay_with_apt
from resolvers.deb.shipping import contents as shipped_in_debs
from resolvers.distribution.oracle import DistributionOracle
from resolvers.distribution.universes import Universes
from resolvers.git.direct import commits_differ
from resolvers.git.ecosystem import ECOSYSTEM as GIT
from resolvers.git.gather import GitGatherer
from resolvers.git.oracle import GitOracle
from resolvers.gradle.gather import GradleGatherer
from resolvers.jdk.feature_release import exclude_each_other as jdks_exclude_each_other
from resolvers.jdk.gather import JdkGatherer
from resolvers.jdk.oracle import JdkOracle
from resolvers.maven.direct import ECOSYSTEM as MAVEN
from resolvers.maven.direct import undecided_by_requirements
from resolvers.maven.oracle import MavenOracle
from resolvers.maven.repository import repositories
from resolvers.maven.repository_places import own_places
from resolvers.pip.gather import PipGatherer
from resolvers.pip.uv.oracle import prepared
from resolvers.rpm.direct import pins_differ as rpm_pins_differ
from resolvers.rpm.gather import RpmGatherer
from resolvers.rpm.replay import replay as replay_with_dnf
from resolvers.rpm.shipping import contents as shipped_in_rpms
from resolvers.sbom.gather import BillGatherer
from resolvers.seam import AccountableOracle, Gatherer, Means

GROUP = "cohabit.resolvers"


def gatherers() -> tuple[Gatherer, ...]:
    """All gatherers, the built-in ones first. Raises CohabitError where one cannot be loaded."""
    added = sorted(entry_points(group=GROUP), key=lambda point: point.name)
    systems = (PipGatherer(), ImageGatherer(), DebGatherer(), RpmGatherer(), GitGatherer())
    private = (
        GoGatherer(), NpmGatherer(), DenoGatherer(), CargoGatherer(), ComposerGatherer(), GemGatherer(),
        NugetGatherer(), UnreadGatherer(),
    )  # fmt: skip
    return (*systems, GradleGatherer(), JdkGatherer(), *private, BillGatherer(), *map(_load, added))


def oracles(means: Means, ecosystems: Collection[str]) -> tuple[AccountableOracle, ...]:
    """An oracle for each ecosystem that services take part in; pip's always, since an interpreter is its matter.

    Raises UvMissingError where there is no uv to ask.
    """
    universes = Universes(means.universe, means.cache, means.machine)
    others: tuple[AccountableOracle, ...] = (
        DistributionOracle("deb", universes.deb, replay_with_apt, shipped_in_debs),
        DistributionOracle("rpm", universes.rpm, replay_with_dnf, shipped_in_rpms),
        GitOracle(),
        JdkOracle(),
        _maven(means),
    )
    return (prepared(means), *(oracle for oracle in others if oracle.ecosystem in ecosystems))


def exclude_each_other(one: Requirement, other: Requirement) -> bool:
    """Whether two Requirements on one Package prove a clash by themselves, by the rules of its ecosystem."""
    if one.package == JDK:
        return jdks_exclude_each_other(one, other)
    return _EXCLUSIVE.get(one.package.type, pep440.exclude_each_other)(one, other)


_EXCLUSIVE: Mapping[str, Exclusive] = {
    "deb": deb_pins_differ,
    "rpm": rpm_pins_differ,
    GIT: commits_differ,
    MAVEN: undecided_by_requirements,
}


def _maven(means: Means) -> MavenOracle:
    places = means.maven or (() if means.offline else own_places())
    modules = repositories(places, means.cache, means.offline) if places else None
    return MavenOracle(modules, dict(means.schemes), means.maven)


def _load(point: EntryPoint) -> Gatherer:
    try:
        made: Gatherer = point.load()()
    except Exception as error:  # an installed plug-in may fail in any way
        raise CohabitError(f"the resolver {point.name!r} ({point.value}) cannot be loaded: {error}") from error
    return made
