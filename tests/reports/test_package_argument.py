"""Explanations about installed packages: told once, in order, and step by step under a requirement."""

from __future__ import annotations

import time

import pytest

from analyzer.explanation import Explanation, Fact
from analyzer.origin import Origin
from analyzer.package import Package
from analyzer.requirement import Requirement
from analyzer.verdict import Demand
from reports import prose
from tests.reports.installed import brings, excludes, inits


def asked(service: str, subject: str, fact: Fact = Fact.REQUIRED) -> Explanation:
    return Explanation(fact, subject, service=service, origin=Origin(f"{service}.txt", 1))


def lacks(cause: Explanation, by: str, withheld: str = "") -> Explanation:
    return Explanation(Fact.LACKS, cause.subject, withheld, causes=(cause,), by=by)


CHRONY = brings("chrony 4.3-2", asked("clock", "chrony"))
NTPSEC = brings("ntpsec 1.2", brings("ntp 1:1", asked("times", "ntp"), ""), "Depends: ntpsec")
MYSQL = brings("mysql in any of 5 versions", asked("stock", "mysql"))
PINNED = brings("redis 5:7", asked("cache", "redis=5:7", Fact.LOCKED))
VIRTUAL = brings("exim4 4.96", asked("mail", "mail-transport-agent"))
BESIDE = Explanation(
    Fact.BRINGS,
    "exim4 4.96",
    causes=(asked("mail", "mta"), Explanation(Fact.EXCLUDES, "chrony 4.3-2", "postfix 3.7", by="Breaks: postfix")),
)

SENTENCES = {
    "two sides, the versions told once": (
        excludes(CHRONY, NTPSEC, "Conflicts: time-daemon"),
        "clock requires chrony (clock.txt:1) and gets 4.3-2. "
        "times requires ntp (times.txt:1) and gets 1:1, which brings ntpsec 1.2 (Depends: ntpsec). "
        "But chrony excludes ntpsec (Conflicts: time-daemon).",
    ),
    "versions of one package": (
        excludes(CHRONY, brings("chrony 4.5-1", asked("times", "chrony=4.5-1")), ""),
        "clock requires chrony (clock.txt:1) and gets 4.3-2. times requires chrony=4.5-1 (times.txt:1). "
        "But chrony 4.3-2 and chrony 4.5-1 are versions of one package, of which one can be installed.",
    ),
    "any of many versions, and another name": (
        excludes(MYSQL, VIRTUAL, "Conflicts: exim4"),
        "stock requires mysql (stock.txt:1), in any of 5 versions. "
        "mail requires mail-transport-agent (mail.txt:1) and gets exim4 4.96. But mysql excludes exim4 "
        "(Conflicts: exim4).",
    ),
    "what nothing provides": (
        lacks(PINNED, "Requires: tools = 5:7"),
        "cache locks redis=5:7 (cache.txt:1). But redis 5:7 needs tools = 5:7 (Requires), which nothing provides.",
    ),
    "what the installer does not take unasked": (
        lacks(PINNED, "Depends: tools (= 5:7)", "tools 5:7"),
        "cache locks redis=5:7 (cache.txt:1). But redis 5:7 needs tools (= 5:7) (Depends), provided only by tools 5:7, "
        "which the installer takes only where its version is asked for.",
    ),
    "ways that are ruled out": (
        excludes(BESIDE, MYSQL, "Conflicts: mysql"),
        "mail requires mta (mail.txt:1) and gets exim4 4.96. "
        "postfix 3.7 is no way round it: chrony 4.3-2 excludes postfix 3.7 (Breaks: postfix). "
        "stock requires mysql (stock.txt:1), in any of 5 versions. But exim4 excludes mysql (Conflicts: mysql).",
    ),
    "cases, each from where the last sentence left off": (
        inits(),
        "uplink requires network-manager (uplink/Dockerfile:3) and gets 1.42.4-1. "
        "network-manager 1.42.4-1 needs libpam-systemd 252 or libpam-elogind 246 (Depends: default-logind | logind). "
        "jobs requires sysvinit-core (jobs/Dockerfile:3) and gets 3.06-4. "
        "libpam-systemd 252 brings systemd-sysv 252 (Depends: systemd-sysv). "
        "But sysvinit-core excludes systemd-sysv (Conflicts: systemd-sysv). "
        "libpam-elogind 246 brings elogind 246 (Depends: elogind). "
        "resolver requires systemd (resolver/Dockerfile:3) and gets 252. "
        "But elogind excludes systemd (Conflicts: systemd). So there is no way left.",
    ),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_sentences(name: str) -> None:
    explanation, expected = SENTENCES[name]
    assert " ".join(prose.sentences(explanation)) == expected


STEPS = {
    "the one that excludes": (
        excludes(CHRONY, NTPSEC, "Conflicts: time-daemon"),
        ("clock", "chrony"),
        ("installs chrony 4.3-2", "which excludes ntpsec 1.2 (Conflicts: time-daemon)"),
    ),
    "the one that is excluded": (
        excludes(CHRONY, NTPSEC, "Conflicts: time-daemon"),
        ("times", "ntp"),
        (
            "installs ntp 1:1",
            "brings ntpsec 1.2 (Depends: ntpsec)",
            "which chrony 4.3-2 excludes (Conflicts: time-daemon)",
        ),
    ),
    "one that lacks something": (
        lacks(MYSQL, "Requires: tools = 1"),
        ("stock", "mysql"),
        ("installs mysql in any of 5 versions", "which needs tools = 1 (Requires), which nothing provides"),
    ),
    "one that has no part in it": (lacks(MYSQL, "Requires: tools = 1"), ("other", "mysql"), ()),
}


@pytest.mark.parametrize("name", STEPS)
def test_consequences(name: str) -> None:
    explanation, (service, package), expected = STEPS[name]
    demand = Demand(service, Requirement(Package("deb", package, "debian"), "", Origin(f"{service}.txt", 1)))
    assert prose.consequences(explanation, demand) == expected


def test_deep_chains_and_shared_cases_are_told_in_time() -> None:
    chain = CHRONY
    for number in range(3000):
        chain = brings(f"p{number} 1", chain, "Depends: p")
    shared = excludes(chain, MYSQL, "Conflicts: mysql")
    for number in range(40):
        ways = f"a{number} 1 | b{number} 1"
        shared = Explanation(Fact.EXHAUSTED, ways, causes=(CHRONY, shared, shared), by="Depends: a")
    started = time.monotonic()
    assert prose.sentences(shared)[-1] == "So there is no way left."
    demand = Demand("nobody", Requirement(Package("deb", "x", "debian"), "", Origin("x", 1)))
    assert prose.consequences(shared, demand) == ()
    assert time.monotonic() - started < 5
