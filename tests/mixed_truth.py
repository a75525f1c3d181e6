"""The truth of the fixture fleet of many languages, and how it is established without cohabit.

Each ecosystem has its judge: plain uv, dose-debcheck, libsolv, Gradle 4.4.1 (whose answers lie in ``truth.json``,
since few machines have it). Where there is none, the rule is worked by hand here: a port, a place or a release is
had once, a JDK suits who needs it, early-semver wants the first number to stay.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from tests.fleet_truth import FLEETS, Services, Truth, Uv, fewest
from tests.local_index import Distribution, build_index, frozen_index
from tests.package_judges import Dose, Libsolv

POLYGLOT = FLEETS / "polyglot"
BUILD = """
import groovy.json.*
repositories { maven { url = uri(REPOSITORY) } }
def builds = new JsonSlurper().parse(new File(projectDir, 'builds.json'))
task answer { doLast {
    def answers = builds.collectEntries { name, lines ->
        def conf = configurations.create(name.replace(' + ', '_'))
        lines.each { line ->
            def said = line.replace('strictly ', '').split(':')
            def made = dependencies.create(line.startsWith('strictly ') ? said[0] + ':' + said[1] : line)
            if (line.startsWith('strictly ')) { made.version { it.strictly(said[2]) } }
            conf.dependencies.add(made)
        }
        try {
            def result = conf.incoming.resolutionResult
            def found = result.allComponents.collect { it.moduleVersion }.findAll { it.group }
            [(name): found.collectEntries { [(it.group + ':' + it.name): it.version] }.sort()]
        } catch (org.gradle.api.artifacts.ResolveException error) { [(name): null] }
    }
    new File(projectDir, 'answers.json').text = JsonOutput.toJson(answers)
} }
"""


@dataclass
class Mixed:
    """The fleet's ``truth.json``, and the judges. ``refused_by`` names the codes by which a group cannot live
    together; what they said is remembered."""

    document: Mapping[str, Any]
    scratch: Path
    _said: dict[tuple[str, str, Services], bool] = field(default_factory=dict)

    @property
    def services(self) -> Services:
        """Those whose inside is known, sorted."""
        return tuple(sorted(self.document["services"]))

    def refused_by(self, stance: str, group: Services) -> frozenset[str]:
        """The codes of the judges that refuse a group."""
        judges = self._judges().items()
        return frozenset(code for code, (keys, judge) in judges if self._refused(code, keys, judge, stance, group))

    def _judges(self) -> dict[str, tuple[tuple[str, ...], Callable[[str, Services], bool]]]:
        return {
            "PLAT001": (("base",), self._releases),
            "DEB002": (("deb",), lambda _, group: not self._fits(Dose(), "deb", group)),
            "RPM002": (("rpm",), lambda _, group: not self._fits(Libsolv(), "rpm", group)),
            "PIP004": (("pypi",), lambda stance, group: not self._uv(stance, group, ())),
            "SYS001": (("pypi", "ships"), self._system_python),
            "MVN001": (("maven",), self._evicted),
            "MVN002": (("maven",), lambda _, group: self.document["gradle"][" + ".join(group)] is None),
            "MVN003": (("maven", "ships"), self._shared_jar),
            "JDK001": (("jdk",), self._jdk),
            "GIT001": (("checkouts",), lambda _, group: self._twice("checkouts", group)),
            "NET001": (("ports",), lambda _, group: self._twice("ports", group)),
        }

    def _refused(
        self, code: str, keys: Iterable[str], judge: Callable[[str, Services], bool], stance: str, group: Services
    ) -> bool:
        concerned = tuple(name for name in group if any(key in self._of(name) for key in keys))
        if len({key for name in concerned for key in keys if key in self._of(name)}) < len(tuple(keys)):
            return False
        asked = (code, stance, concerned)
        if asked not in self._said:
            self._said[asked] = judge(stance, concerned)
        return self._said[asked]

    def _of(self, service: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.document["services"][service]
        return found

    def _all(self, key: str, group: Services) -> Iterator[Any]:
        return (self._of(name)[key] for name in group if key in self._of(name))

    def _releases(self, _: str, group: Services) -> bool:
        return len(set(self._all("base", group))) > 1

    def _fits(self, judge: Dose | Libsolv, key: str, group: Services) -> bool:
        words = tuple(sorted({word for asked in self._all(key, group) for word in asked}))
        if isinstance(judge, Dose):
            return _dose_with((POLYGLOT / "packages" / "Packages").read_text(), words)
        return judge.judged([words])[words]

    def _uv(self, stance: str, group: Services, shipped: Iterable[str]) -> bool:
        asked = {name: self._of(name)["pypi"][stance] for name in group if "pypi" in self._of(name)}
        wanted: dict[str, Any] = {**asked, **({"shipped": list(shipped)} if shipped else {})}
        document = {"python": self.document["python"], "builds": True, "asked": {"relocked": wanted}}
        truth = Truth("polyglot", POLYGLOT, document)
        return self.plain_uv().ask(truth, "relocked", tuple(wanted))

    def plain_uv(self) -> Uv:
        """Plain uv before the frozen index and one with what the system's packages ship."""
        pairs = [pair for ships in self._all("ships", self.services) for pair in ships.items() if ":" not in pair[0]]
        stubs = build_index(self.scratch / "shipped", [Distribution(name, version) for name, version in pairs])
        places = ("--index-url", frozen_index(built=True).as_uri(), "--extra-index-url", stubs.as_uri())
        return Uv((*places, "--index-strategy", "unsafe-best-match"), self.scratch / "uv")

    def _system_python(self, stance: str, group: Services) -> bool:
        shipped = [f"{n}=={v}" for ships in self._all("ships", group) for n, v in ships.items() if ":" not in n]
        return self._uv(stance, group, ()) and not self._uv(stance, group, shipped)

    def _evicted(self, _: str, group: Services) -> bool:
        together = self.document["gradle"][" + ".join(group)]
        return together is not None and any(_breaks(own, together) for own in self._alone(group))

    def _alone(self, group: Services) -> Iterator[Mapping[str, str]]:
        return (self.document["gradle"][name] for name in group if "maven" in self._of(name))

    def _shared_jar(self, _: str, group: Services) -> bool:
        return any(_breaks(own, ships) for own in self._alone(group) for ships in self._all("ships", group))

    def _jdk(self, stance: str, group: Services) -> bool:
        jdks = tuple(self._all("jdk", group))
        offered = {jdk["image"] for jdk in jdks} if stance == "locked" else set(range(8, 30))
        if stance == "locked" and len(offered) > 1:
            return True
        return not any(all(_suits(version, jdk["needs"]) for jdk in jdks) for version in offered)

    def _twice(self, key: str, group: Services) -> bool:
        if key == "ports":
            return any(set(one) & set(other) for one, other in combinations(self._all(key, group), 2))
        return any(one[p] != two[p] for one, two in combinations(self._all(key, group), 2) for p in set(one) & set(two))


def _suits(version: int, needs: str) -> bool:
    return version == int(needs[2:]) if needs.startswith("==") else version >= int(needs[2:])


def _breaks(own: Mapping[str, str], given: Mapping[str, str]) -> bool:
    """Whether a version given in place of one's own is incompatible by early-semver."""
    return any(_series(own[module]) != _series(given[module]) for module in own.keys() & given.keys())


def _series(version: str) -> tuple[str, ...]:
    numbers = re.findall(r"\d+", version)
    return tuple(numbers[: 2 if numbers[:1] == ["0"] else 1])


def _dose_with(more: str, words: tuple[str, ...]) -> bool:
    from tests.debian_judges import dose_refuses

    text = ", ".join(words)
    return text not in dose_refuses(f"{Dose().index()}\n{more}", {text: text})


def load(scratch: Path) -> Mixed:
    """Read ``fixtures/fleets/polyglot/truth.json``."""
    return Mixed(json.loads((POLYGLOT / "truth.json").read_text()), scratch)


def measure(mixed: Mixed, stance: str) -> dict[str, Any]:
    """The table of a stance: the codes of each pair that cannot live together, each such set of three of which any
    two can, and the fewest containers: those of the services, and one for each ready-made image."""
    pairs = {pair: mixed.refused_by(stance, pair) for pair in combinations(mixed.services, 2)}
    fitting = [g for g in combinations(mixed.services, 3) if not any(pairs[p] for p in combinations(g, 2))]
    fits: dict[Services, bool] = {pair: not codes for pair, codes in pairs.items()}
    groups = fewest(mixed.services, fits, lambda group: not mixed.refused_by(stance, group))
    return {
        "alone": {name: not mixed.refused_by(stance, (name,)) for name in mixed.services},
        "conflicts": {" + ".join(pair): sorted(codes) for pair, codes in pairs.items() if codes},
        "threes": [group for group in fitting if mixed.refused_by(stance, group)],
        "minimum": len(groups) + len(mixed.document["images"]),
        "groups": groups,
    }


def gradle_says(document: Mapping[str, Any], repository: Path, scratch: Path) -> dict[str, Any]:
    """What Gradle 4.4.1 makes of each group of services with a shared class path; None where it fails."""
    wanted = {name: facts["maven"] for name, facts in document["services"].items() if "maven" in facts}
    groups = [group for size in range(1, len(wanted) + 1) for group in combinations(sorted(wanted), size)]
    builds = {" + ".join(group): [line for name in group for line in wanted[name]] for group in groups}
    (scratch / "build.gradle").write_text(BUILD.replace("REPOSITORY", f"'{repository}'"))
    (scratch / "settings.gradle").write_text("")
    (scratch / "builds.json").write_text(json.dumps(builds))
    subprocess.run(["gradle", "--offline", "--no-daemon", "-q", "answer"], cwd=scratch, check=True)
    answers: dict[str, Any] = json.loads((scratch / "answers.json").read_text())
    return answers


def record() -> None:
    """Fill ``truth.json`` with what the judges say."""
    from tests.resolvers.maven.frozen import unpack

    with tempfile.TemporaryDirectory() as folder:
        mixed, scratch = load(Path(folder)), Path(folder)
        build = scratch / "gradle"
        build.mkdir()
        gradle = gradle_says(mixed.document, unpack(scratch / "m2"), build)
        tools = [Dose.tool, Libsolv.tool, mixed.plain_uv().version(), "Gradle 4.4.1"]
        asked = Mixed({**mixed.document, "gradle": gradle}, scratch)
        found = {stance: measure(asked, stance) for stance in ("locked", "relocked")}
    document = {**mixed.document, "established": {"tools": tools}, "gradle": gradle, **found}
    (POLYGLOT / "truth.json").write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    record()
