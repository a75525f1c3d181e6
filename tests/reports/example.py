"""Two Reports for every renderer's tests: a rich one that is consistent in itself, and a hostile one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations, pairwise

from analyzer.boundary import Boundary
from analyzer.explanation import Explanation, Fact
from analyzer.origin import Origin
from analyzer.package import PYTHON, Candidate, Package, pypi
from analyzer.plan import Amount, Container, Machine, Move, Plan, Tier, Venv
from analyzer.prices.change import Change, Place, Way
from analyzer.prices.price import Price, PriceList, Saving
from analyzer.report import Questions, Report
from analyzer.requirement import Locked, Requirement, Source
from analyzer.service import DependencySet, Fleet, Platform, Port, PresentEnvironment, Service, Skipped
from analyzer.verdict import Code, Compatible, Conflict, Demand, Depth, Grade, Stance, Undecided, Witness

_TOOLS = {"cohabit": "0.1.0", "uv": "0.13.9", "ortools": "9.15.6755"}

_ACME = "git+https://git.example/acme/auth"
_DECLARED: dict[str, tuple[tuple[str, str], ...]] = {
    "accounts": (("flask", ">=3"), ("acme-auth", f"@{_ACME}@v2.0"), ("requests", ">=2.31")),
    "ads": (("grpcio", ">=1.60"), ("opentelemetry-exporter-otlp", "==1.30.0"), ("requests", "")),
    "assistant": (("flask", ">=3.1"), ("gevent", ""), ("langchain", ">=0.3,<0.4")),
    "basket": (("redis", ">=5.1"), ("requests", "")),
    "billing": (("flask", "<3"), ("cryptography", "<42"), ("google-auth", ">=2.20")),
    "catalog": (("kombu", "<5.4"), ("numpy", "")),
    "email": (("kombu", "[redis]"), ("google-auth", ">=2.20"), ("jinja2", "")),
    "ledger": (("sqlalchemy", ">=2"), ("psycopg2-binary", "")),
    "loadgen": (("locust", ">=2.20"), ("gevent", ""), ("numpy", "")),
    "payments": (("cryptography", ">=43"), ("acme-auth", f"@{_ACME}@v1.4"), ("requests", "")),
    "recommend": (("tensorflow", "==2.15.1"), ("numpy", "<2"), ("google-auth", "")),
    "reindex": (("elasticsearch", "==7.13.4"), ("urllib3", ">=2")),
}
_LOCKS: dict[str, tuple[tuple[str, str], ...]] = {
    "accounts": (("certifi", "2024.2.2"), ("flask", "3.0.3"), ("requests", "2.32.3")),
    "ads": (("certifi", "2025.1.31"), ("grpcio", "1.70.0"), ("protobuf", "5.29.3")),
    "assistant": (("flask", "3.1.0"), ("gevent", "24.11.1"), ("greenlet", "3.1.1")),
    "billing": (("certifi", "2024.2.2"), ("cryptography", "41.0.7"), ("flask", "2.3.3"), ("rsa", "4.9")),
    "catalog": (("kombu", "5.3.7"), ("numpy", "2.1.3")),
    "email": (("google-auth", "2.38.0"), ("jinja2", "3.1.5"), ("kombu", "5.4.2"), ("rsa", "4.9")),
    "loadgen": (("gevent", "24.11.1"), ("greenlet", "3.2.0"), ("numpy", "1.26.2")),
    "payments": (("certifi", "2024.8.30"), ("cryptography", "44.0.1")),
    "recommend": (("google-auth", "2.38.0"), ("numpy", "1.26.4"), ("rsa", "4.9.1"), ("tensorflow", "2.15.1")),
}
_INTERPRETERS = {"assistant": (">=3.12", "3.12"), "ledger": ("<3.11", "3.10")}


def example_report() -> Report:
    """A fleet of 12 services in which everything occurs that a Report can hold."""
    fleet = Fleet(
        "webshop",
        tuple(_service(name) for name in sorted(_DECLARED)),
        present=(PresentEnvironment(Boundary.CONTAINER, ("accounts", "billing")),),
        skipped=(Skipped("services/old", "a link that leads out of the audited folder", Origin("services/old")),),
    )
    return replace(_report(fleet, _conflicts(), _undecided(), _plans()), price_list=_price_list())


def _report(
    fleet: Fleet, conflicts: Iterable[Conflict], undecided: tuple[Undecided, ...], plans: Iterable[Plan]
) -> Report:
    conflicts = tuple(sorted(conflicts, key=lambda c: c.id))
    return Report(
        fleet=fleet,
        conflicts=conflicts,
        compatible=tuple(_compatible(fleet, conflicts, undecided)),
        undecided=undecided,
        plans={plan.stance: plan for plan in plans},
        oracle=Questions({"pip": 41}, cached=7),
        tools=_TOOLS,
        asked_as_of="2026-08-23",
    )


def _file(service: str) -> str:
    return f"services/{service}/requirements.in"


def _demand(service: str, package: str, constraint: str, line: int) -> Demand:
    extras, constraint = (("redis",), "") if constraint == "[redis]" else ((), constraint)
    location, _, reference = constraint.removeprefix("@").rpartition("@")
    source = Source("git", location, reference) if constraint.startswith("@") else None
    text = f"{package}{'[redis]' if extras else ''}{f' @ {source}' if source else constraint}"
    requirement = Requirement(
        pypi(package), "" if source else constraint, Origin(_file(service), line, text), extras, source=source
    )
    return Demand(service, requirement)


def _declared(service: str, package: str) -> Demand:
    return next(d for d in _demands(service) if d.requirement.package.name == package)


def _demands(service: str) -> tuple[Demand, ...]:
    return tuple(_demand(service, name, text, line) for line, (name, text) in enumerate(_DECLARED[service], 2))


def _locks(service: str) -> tuple[Locked, ...]:
    file = f"services/{service}/requirements.txt"
    return tuple(
        Locked(Candidate(pypi(name), version), Origin(file, line, f"{name}=={version}"))
        for line, (name, version) in enumerate(_LOCKS[service], 7)
    )


def _locked(service: str, package: str) -> Demand:
    lock = next(item for item in _locks(service) if item.candidate.package.name == package)
    return Demand(service, lock.as_requirement())


def _interpreter(service: str) -> Demand:
    constraint, _ = _INTERPRETERS[service]
    origin = Origin(f"services/{service}/pyproject.toml", 5, f'requires-python = "{constraint}"')
    return Demand(service, Requirement(PYTHON, constraint, origin))


def _service(name: str) -> Service:
    unknown = ("acme-auth comes from git: what it requires is unknown without a checkout",)
    pip = DependencySet(
        "pip",
        tuple(d.requirement for d in _demands(name)),
        _locks(name) if name in _LOCKS else None,
        closed=name in _LOCKS,
        unknown=unknown if name == "payments" else (),
    )
    return Service(
        name,
        f"services/{name}",
        Platform(_INTERPRETERS.get(name, ("", "3.12"))[1], "debian:12"),
        (pip,),
        (_interpreter(name).requirement,) if name in _INTERPRETERS else (),
        _SKIPPED.get(name, ()),
        (f"services/{name} holds requirements.in",),
        owner="money" if name in {"billing", "ledger", "payments"} else "",
        ports=(Port(8080, Origin("cohabit.toml", 9)),) if name == "accounts" else (),
    )


_SKIPPED = {
    "basket": (Skipped("group dev", "a development group", Origin("services/basket/pyproject.toml", 14), False),),
    "ledger": (
        Skipped("requirement 17", "is no requirement (PEP 508): expected a name", Origin(_file("ledger"), 17, "=>2")),
        Skipped("Pipfile", "is not UTF-8 (byte 0xff)", Origin("services/ledger/Pipfile", 3)),
    ),
}


def _required(demand: Demand, fact: Fact = Fact.REQUIRED) -> Explanation:
    return Explanation(fact, str(demand.requirement), service=demand.service, origin=demand.requirement.origin)


def _direct(code: Code, package: Package, demands: tuple[Demand, ...], fixes: tuple[str, ...] = ()) -> Conflict:
    lock = code is Code.LOCK
    causes = tuple(_required(d, Fact.LOCKED if lock else Fact.REQUIRED) for d in demands)
    return Conflict(
        code,
        Depth.LOCKED if lock else Depth.DECLARED,
        tuple(sorted({d.service for d in demands})),
        Boundary.VENV,
        (package,),
        demands,
        Explanation(Fact.CLASH, package.name, causes=causes),
        _replay(demands),
        fixes,
    )


def _replay(demands: tuple[Demand, ...]) -> str:
    lines = " ".join(f"'{d.requirement}'" for d in demands)
    return f"printf '%s\\n' {lines} |\n  uv pip compile --no-build --exclude-newer 2026-08-23 --python-version 3.12 -"


def _chain(demand: Demand, *steps: str) -> Explanation:
    node = _required(demand)
    for subject, target in pairwise(steps):
        node = Explanation(
            Fact.DERIVED, f"{demand.service} needs {target}", causes=(node, Explanation(Fact.DEPENDS, subject, target))
        )
    return node


def _transitive(package: str, *chains: tuple[Demand, tuple[str, ...]]) -> Conflict:
    causes = tuple(_chain(demand, *steps) for demand, steps in chains)
    demands = tuple(demand for demand, _ in chains)
    return Conflict(
        Code.RESOLUTION,
        Depth.DECLARED,
        tuple(sorted({d.service for d in demands})),
        Boundary.VENV,
        (pypi(package),),
        demands,
        Explanation(Fact.CLASH, package, causes=causes),
        _replay(demands),
    )


def _conflicts() -> Iterable[Conflict]:
    flask = "allow flask>=3 in services/billing/requirements.in:2 (checked: resolves, 3 versions move)"
    for other in ("accounts", "assistant"):
        pair = (_declared(other, "flask"), _declared("billing", "flask"))
        yield _direct(Code.VERSION, pypi("flask"), pair, (flask,))
    keys = (_declared("billing", "cryptography"), _declared("payments", "cryptography"))
    yield _direct(Code.VERSION, pypi("cryptography"), keys)
    auth = (_declared("accounts", "acme-auth"), _declared("payments", "acme-auth"))
    yield _direct(Code.SOURCE, pypi("acme-auth"), auth)
    yield _direct(Code.INTERPRETER, PYTHON, (_interpreter("assistant"), _interpreter("ledger")))
    yield from _transitives()
    for package, pairs in _LOCK_CLASHES.items():
        for one, other in pairs:
            yield _direct(Code.LOCK, pypi(package), (_locked(one, package), _locked(other, package)))


_LOCK_CLASHES = {
    "certifi": (("accounts", "ads"), ("ads", "billing"), ("ads", "payments")),
    "rsa": (("billing", "recommend"), ("email", "recommend")),
    "greenlet": (("assistant", "loadgen"),),
    "numpy": (("catalog", "recommend"), ("loadgen", "recommend")),
}


def _transitives() -> Iterable[Conflict]:
    telemetry = ("opentelemetry-exporter-otlp==1.30.0", "opentelemetry-proto==1.30.0", "protobuf>=5.0,<6.0")
    yield _transitive(
        "protobuf",
        (_declared("ads", "opentelemetry-exporter-otlp"), telemetry),
        (_declared("recommend", "tensorflow"), ("tensorflow==2.15.1", "protobuf>=3.20.3,<5.0.0.dev0")),
    )
    yield _transitive(
        "redis",
        (_declared("basket", "redis"), ()),
        (_declared("catalog", "kombu"), ()),
        (_declared("email", "kombu"), ("kombu[redis]<5.4", "redis>=4.5.2,<=5.0.8")),
    )
    yield _transitive(
        "urllib3",
        (_declared("reindex", "elasticsearch"), ("elasticsearch==7.13.4", "urllib3>=1.21.1,<2")),
        (_declared("reindex", "urllib3"), ()),
    )


def _undecided() -> tuple[Undecided, ...]:
    reasons = {
        ("basket", "loadgen"): "offline, and the cache holds no index data for geventhttpclient",
        ("ledger", "payments"): "psycopg2 2.9.10 has no wheel for Python 3.10 and may not be built",
    }
    return tuple(Undecided(pair, stance, reason) for pair, reason in reasons.items() for stance in Stance)


_RELOCKED = (
    ("accounts", "ads", "assistant", "basket", "catalog"),
    ("billing", "email", "ledger", "recommend"),
    ("loadgen", "payments"),
)
_AS_LOCKED = (
    ("accounts", "assistant", "catalog"),
    ("ads", "basket", "email"),
    ("billing", "ledger"),
    ("loadgen", "payments"),
    ("recommend",),
)


def _witness(services: Iterable[str]) -> Witness:
    services = tuple(services)
    python = "3.10" if "ledger" in services else "3.12"
    versions = {name: version for service in services for name, version in _LOCKS.get(service, ())}
    return Witness(tuple(Candidate(pypi(name), version) for name, version in sorted(versions.items())), python)


def _container(services: tuple[str, ...], drift: int) -> Container:
    return Container((Venv(services, _witness(services), drift=drift),))


def _plans() -> Iterable[Plan]:
    locked = tuple(_container(services, 0) for services in _AS_LOCKED)
    relocked = tuple(_container(*item) for item in zip(_RELOCKED, (7, 4, 1), strict=True))
    four = ("accounts", "ads", "billing", "payments")
    three = ("accounts", "billing", "payments")
    load, large, gib = Amount(19 * 2**29, 1500), Amount(8 * 2**30, 2000), 2**30
    machines = (
        Machine(locked[:2], "m5.large", Amount(13 * gib // 2, 1250), large),
        Machine(locked[2:], "m5.large", Amount(3 * gib, 250), large),
    )
    yield Plan(
        Stance.LOCKED, machines, 5, 4, False, four, 0, ("reindex",), 2,
        tiers=(
            Tier(Boundary.VM, 2, 1920, 1920, priced=True, largest=large),
            Tier(Boundary.CONTAINER, 5, 5, 4, four),
        ),
        moves=1, least_moves=1, migration=(Move("billing", 3),), unmeasured=("email", "reindex"),
    )  # fmt: skip
    yield Plan(
        Stance.RELOCKED, (Machine(relocked, load=load),), 3, 3, True, three, 12, ("reindex",), 2,
        tiers=(Tier(Boundary.VM, 1, 1, 1), Tier(Boundary.CONTAINER, 3, 3, 3, three)), least_drift=9,
        moves=1, least_moves=1, migration=(Move("billing", None), Move("billing", 2, ("email", "ledger"))),
    )  # fmt: skip


def _price_list() -> PriceList:
    flask = Change(Place("billing", pypi("flask")), "<3", ">=3.1", Way.UPGRADE)
    keys = Change(Place("payments", pypi("cryptography")), ">=43", "<=41.0.7", Way.DOWNGRADE)
    older = Change(Place("billing", pypi("cryptography")), "<42", "", Way.RELAX)
    prices = (
        Price((1, 3), (flask,), ((Change(flask.place, "<3", ""),),), saves=1),
        Price((2, 3), (older,), ((keys,),), saves=1),
        Price((1, 2), obstacle="pip: no release of ledger's driver suits both", upstream=True),
    )
    return PriceList(prices, (Saving(flask, 3, 2, True), Saving(keys, 3, 2, False)), 4)


def _compatible(
    fleet: Fleet, conflicts: tuple[Conflict, ...], undecided: tuple[Undecided, ...]
) -> Iterable[Compatible]:
    alone = {c.services[0] for c in conflicts if len(c.services) == 1}
    names = [service.name for service in fleet.services if service.name not in alone]
    open_pairs = {u.services for u in undecided}
    for stance in Stance:
        clashing = {c.services for c in conflicts if stance is Stance.LOCKED or c.stance is Depth.DECLARED}
        grade = Grade.AS_LOCKED if stance is Stance.LOCKED else Grade.RELOCKED
        for pair in combinations(names, 2):
            if pair not in clashing | open_pairs:
                yield Compatible(pair, stance, grade, _witness(pair), int(stance is Stance.RELOCKED))


HOSTILE = (
    "<script>window.forged = true</script>",
    "javascript:window.forged=true",
    '"><img src=x onerror="window.forged=true">',
    "</style></script><h1>forged</h1>",
    "{{ 7 * 7 }}{% include 'x' %}[/red][bold]",
    "pay\u202egnillib\u2066\u200b.example",
    "bell\a esc\x1b[31mred\x1b[0m nul\0 del\x7f c1\x9b31m\r\nnew line\ttab",
    "x" * 5000,
    "lone \ud800 surrogate \u2028 separator",
    "::error file=a,line=1::forged %0A",
)
"""Names that try to be more than text, in each output kind's own way."""


def hostile_report() -> Report:
    """A fleet in which every text that comes from a service is hostile."""
    names = tuple(sorted(HOSTILE))
    skipped = tuple(Skipped(text, text, Origin(text, 1, text)) for text in names)
    services = tuple(_hostile_service(name) for name in names)
    undecided = tuple(Undecided((names[2], names[3]), stance, "".join(HOSTILE[:7])) for stance in Stance)
    containers = tuple(Container((Venv((name,), _hostile_witness(name), substrate=name),)) for name in names)
    plans = (
        Plan(
            stance,
            (Machine(containers, names[1]), Machine((), names[2])),
            len(names),
            2,
            False,
            names[:2],
            unplaced=(names[0],),
            migration=(Move(names[3], 1, names[4:6]),),
            unmeasured=names,
            tiers=(Tier(Boundary.CONTAINER, len(names), len(names), 2, names[:2]),),
        )
        for stance in Stance
    )
    fleet = Fleet(HOSTILE[0], services, skipped=skipped)
    return _report(fleet, tuple(_hostile_conflicts(names)), undecided, plans)


def _hostile_service(name: str) -> Service:
    requirement = _hostile_demand(name).requirement
    locked = Locked(Candidate(Package("pypi", name), name), requirement.origin)
    pip = DependencySet("pip", (requirement,), (locked,), unknown=(name,))
    return Service(name, name, Platform(name, name, name), (pip,), (requirement,), (), (name,), owner=name, trust=name)


def _hostile_demand(name: str) -> Demand:
    return Demand(name, Requirement(Package("pypi", name), name, Origin(name, 1, name)))


def _hostile_witness(name: str) -> Witness:
    return Witness((Candidate(Package("pypi", name), name),), name)


def _hostile_conflicts(names: tuple[str, ...]) -> Iterable[Conflict]:
    pairs = [pair for pair in combinations(names, 2) if pair != (names[2], names[3])]
    for number, (one, other) in enumerate(pairs):
        demands = (_hostile_demand(one), _hostile_demand(other))
        causes = (*(_required(d) for d in demands), Explanation(Fact.DEPENDS, one, other))
        clash = Explanation(Fact.CLASH, one, other, causes=causes)
        package = Package("pypi", one)
        yield Conflict(
            Code.VERSION,
            Depth.DECLARED,
            (one, other),
            Boundary.VENV,
            (package,),
            demands,
            clash,
            replay=other,
            fixes=(one, other),
            id=f"pip001-{number:012}",
        )
