"""A Report on services that install packages of Debian and RPM distributions, for every renderer's tests."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from analyzer.boundary import Boundary
from analyzer.demands import OPERATING_SYSTEM
from analyzer.explanation import Explanation, Fact
from analyzer.origin import Origin
from analyzer.package import Candidate, Package, pypi
from analyzer.plan import Container, Machine, Plan, Venv
from analyzer.report import Questions, Report
from analyzer.requirement import Locked, Requirement
from analyzer.service import DependencySet, Fleet, Platform, Service
from analyzer.verdict import Code, Compatible, Conflict, Demand, Depth, Grade, Stance, Undecided, Witness

_SERVICES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "archive": ("debian:11", "debian:bullseye-slim", ("rsync",)),
    "cache": ("debian:12", "debian:bookworm", ("redis-server =5:7.0.15-1",)),
    "clock": ("debian:12", "debian:bookworm", ("chrony",)),
    "edge": ("centos:9", "quay.io/centos/centos:stream9-minimal", ("coreutils-single",)),
    "jobs": ("debian:12", "debian:bookworm-slim", ("sysvinit-core", "nginx =1.22.1-9")),
    "proxy": ("debian:12", "debian:bookworm-slim", ("nginx =1.24.0-2",)),
    "resolver": ("debian:12", "debian:bookworm", ("systemd",)),
    "timeserver": ("debian:12", "python:3.12-slim-bookworm", ("ntp-client",)),
    "uplink": ("debian:12", "debian:bookworm", ("network-manager",)),
    "wiki": ("centos:9", "quay.io/centos/centos:stream9", ("httpd", "coreutils")),
}
_HTTPD = {"edge": "2.4.57-8.el9", "wiki": "2.4.62-1.el9"}
_FLASK = {"clock": ">=3", "timeserver": "<3"}
_NO_METADATA = "there is no package metadata of debian:11: supply it with --universe debian:11=PATH"


def installed_report() -> Report:
    """A fleet of 10 services on three operating systems."""
    conflicts = tuple(sorted((*_systems(), *_of_packages(), _flask(), _httpd()), key=lambda conflict: conflict.id))
    return Report(
        fleet=Fleet("plant", tuple(map(_service, _SERVICES))),
        conflicts=conflicts,
        compatible=tuple(_compatible(conflicts)),
        undecided=tuple(Undecided(("archive",), stance, _NO_METADATA) for stance in Stance),
        plans={plan.stance: plan for plan in _plans()},
        oracle=Questions({"deb": 12, "rpm": 3}),
        tools={"cohabit": "0.1.0", "debian:12": "1,139 packages"},
        asked_as_of="2026-08-23",
    )


def _package(service: str, name: str) -> Package:
    return Package("rpm", name, "centos") if _is_rpm(service) else Package("deb", name, "debian")


def _is_rpm(service: str) -> bool:
    return _SERVICES[service][0] == "centos:9"


def _asked(service: str) -> tuple[Requirement, ...]:
    words = (text.partition(" ") for text in _SERVICES[service][2])
    return tuple(
        Requirement(_package(service, name), constraint, Origin(f"{service}/Dockerfile", line, f"{name}{constraint}"))
        for line, (name, _, constraint) in enumerate(words, 3)
    )


def _demand(service: str, name: str) -> Demand:
    return Demand(service, next(r for r in _asked(service) if r.package.name == name))


def _system(service: str) -> Demand:
    system, image, _ = _SERVICES[service]
    return Demand(service, Requirement(OPERATING_SYSTEM, system, Origin(f"{service}/Dockerfile", 1, f"FROM {image}")))


def _web(service: str) -> Demand:
    text = f"flask{_FLASK[service]}"
    return Demand(service, Requirement(pypi("flask"), _FLASK[service], Origin(f"{service}/requirements.txt", 1, text)))


def _installed(service: str) -> Locked:
    version = _HTTPD[service]
    return Locked(Candidate(_package(service, "httpd"), version), Origin(f"{service}/rpms.txt", 9, f"httpd-{version}"))


def _service(name: str) -> Service:
    locked = (_installed(name),) if name in _HTTPD else None
    sets = [DependencySet("rpm" if _is_rpm(name) else "deb", _asked(name), locked)]
    sets += [DependencySet("pypi", (_web(name).requirement,))] if name in _FLASK else []
    return Service(name, name, Platform("3.12", _SERVICES[name][0]), tuple(sets), evidence=("Dockerfile",))


def _conflict(
    code: Code, demands: tuple[Demand, ...], packages: tuple[Package, ...], why: Explanation, replay: str = ""
) -> Conflict:
    services = tuple(sorted({demand.service for demand in demands}))
    depth = Depth.LOCKED if code is Code.RPM_LOCK else Depth.DECLARED
    boundary = Boundary.VENV if code is Code.VERSION else Boundary.CONTAINER
    return Conflict(code, depth, services, boundary, packages, demands, why, replay)


def _required(demand: Demand) -> Explanation:
    return Explanation(Fact.REQUIRED, str(demand.requirement), service=demand.service, origin=demand.requirement.origin)


def _clash(package: Package, demands: tuple[Demand, ...]) -> Explanation:
    return Explanation(Fact.CLASH, package.name, causes=tuple(map(_required, demands)))


def _systems() -> Iterable[Conflict]:
    for one, other in combinations(_SERVICES, 2):
        demands = (_system(one), _system(other))
        if demands[0].requirement.constraint != demands[1].requirement.constraint and "cache" not in (one, other):
            yield _conflict(Code.OPERATING_SYSTEM, demands, (OPERATING_SYSTEM,), _clash(OPERATING_SYSTEM, demands))


def _flask() -> Conflict:
    demands = (_web("clock"), _web("timeserver"))
    return _conflict(Code.VERSION, demands, (pypi("flask"),), _clash(pypi("flask"), demands), "uv pip compile -")


def _httpd() -> Conflict:
    demands = tuple(Demand(service, _installed(service).as_requirement()) for service in _HTTPD)
    httpd = _package("wiki", "httpd")
    return _conflict(Code.RPM_LOCK, demands, (httpd,), _clash(httpd, demands), "dnf --assumeno install httpd")


def brings(subject: str, cause: Explanation, by: str = "", fact: Fact = Fact.BRINGS) -> Explanation:
    """A package that comes with what the cause states."""
    return Explanation(fact, subject, causes=(cause,), by=by)


def excludes(one: Explanation, other: Explanation, by: str) -> Explanation:
    """Two packages that are there and exclude each other."""
    return Explanation(Fact.EXCLUDES, one.subject, other.subject, causes=(one, other), by=by)


def _of_packages() -> Iterable[Conflict]:
    yield _replayed(Code.DEB_RESOLUTION, _times(), ("clock", "chrony"), ("timeserver", "ntp-client"))
    yield _replayed(Code.DEB_RESOLUTION, _lacking(), ("cache", "redis-server"))
    yield _replayed(
        Code.DEB_RESOLUTION, inits(), ("jobs", "sysvinit-core"), ("resolver", "systemd"), ("uplink", "network-manager")
    )
    nginx = (_demand("jobs", "nginx"), _demand("proxy", "nginx"))
    why = _clash(nginx[0].requirement.package, nginx)
    yield _conflict(Code.DEB_VERSION, nginx, (nginx[0].requirement.package,), why, "apt-get -s install nginx")
    single = brings("coreutils-single 8.32-31.el9", _required(_demand("edge", "coreutils-single")))
    full = brings("coreutils 8.32-31.el9", _required(_demand("wiki", "coreutils")))
    why = excludes(full, single, "Conflicts: coreutils-single")
    yield _replayed(Code.RPM_RESOLUTION, why, ("edge", "coreutils-single"), ("wiki", "coreutils"))


def _replayed(code: Code, why: Explanation, *asked: tuple[str, str]) -> Conflict:
    demands = tuple(_demand(service, name) for service, name in asked)
    installer = "dnf --assumeno" if code is Code.RPM_RESOLUTION else "apt-get -s"
    names = " ".join(name for _, name in asked)
    packages = tuple(demand.requirement.package for demand in demands)
    return _conflict(code, demands, packages, why, f"{installer} install {names}")


def _times() -> Explanation:
    chrony = brings("chrony 4.3-2", _required(_demand("clock", "chrony")))
    client = brings("ntp-client 1.2.2-1", _required(_demand("timeserver", "ntp-client")))
    ntpsec = brings("ntpsec 1.2.2-1", client, "Depends: ntpsec")
    return excludes(chrony, ntpsec, "Conflicts: time-daemon")


def _lacking() -> Explanation:
    server = brings("redis-server 5:7.0.15-1", _required(_demand("cache", "redis-server")))
    by = "Depends: redis-tools (= 5:7.0.15-1)"
    return Explanation(Fact.LACKS, server.subject, "redis-tools 5:7.0.15-1", causes=(server,), by=by)


def inits() -> Explanation:
    """A case analysis: either way to log in brings what one of the others excludes."""
    manager = brings("network-manager 1.42.4-1", _required(_demand("uplink", "network-manager")))
    login = "Depends: default-logind | logind"
    of_systemd, of_elogind = (
        brings(f"libpam-{name}", manager, login, Fact.SUPPOSED) for name in ("systemd 252", "elogind 246")
    )
    sysvinit = brings("sysvinit-core 3.06-4", _required(_demand("jobs", "sysvinit-core")))
    systemd = brings("systemd 252", _required(_demand("resolver", "systemd")))
    cases = (
        excludes(sysvinit, brings("systemd-sysv 252", of_systemd, "Depends: systemd-sysv"), "Conflicts: systemd-sysv"),
        excludes(brings("elogind 246", of_elogind, "Depends: elogind"), systemd, "Conflicts: systemd"),
    )
    choices = " | ".join((of_systemd.subject, of_elogind.subject))
    return Explanation(Fact.EXHAUSTED, choices, causes=(manager, *cases), by=login)


_HOUSED = (("archive",), ("clock", "proxy", "resolver", "uplink"), ("edge",), ("jobs", "timeserver"), ("wiki",))
_CERTIFICATE = ("archive", "clock", "edge", "timeserver", "wiki")


def _plans() -> Iterable[Plan]:
    containers = tuple(Container((_venv(services),)) for services in _HOUSED)
    return (Plan(stance, (Machine(containers),), 5, 5, True, _CERTIFICATE, 0, ("cache",)) for stance in Stance)


def _venv(services: tuple[str, ...]) -> Venv:
    if services == ("archive",):
        return Venv(services, undecided=_NO_METADATA)
    return Venv(services, _witness(services))


def _witness(services: Iterable[str]) -> Witness:
    found = {requirement.package for service in services for requirement in _asked(service)}
    return Witness(tuple(Candidate(package, "1.0-1") for package in sorted(found)))


def _compatible(conflicts: tuple[Conflict, ...]) -> Iterable[Compatible]:
    names = [name for name in _SERVICES if name != "cache"]
    for stance in Stance:
        clashing = {c.services for c in conflicts if stance is Stance.LOCKED or c.stance is Depth.DECLARED}
        grade = Grade.AS_LOCKED if stance is Stance.LOCKED else Grade.RELOCKED
        for pair in combinations(names, 2):
            if pair not in clashing:
                yield Compatible(pair, stance, grade, _witness(pair), 0)
