"""The pip oracle: can these Demands be installed into one Python environment? uv decides."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from analyzer.demands import ANY_LINUX, ARCHITECTURE, OPERATING_SYSTEM, is_platform
from analyzer.explanation import Explanation, Fact
from analyzer.oracle import Answer, Refuted, Satisfied, Unknown
from analyzer.package import PYTHON, Candidate, Package, pypi
from analyzer.requirement import Force, Requirement, Source
from analyzer.service import Platform
from analyzer.verdict import Demand, Witness
from resolvers.answer_cache import AnswerCache
from resolvers.pip.index.digests import digests
from resolvers.pip.index.simple_index import SimpleIndex
from resolvers.pip.index.stub_wheels import Stubs, StubWheels
from resolvers.pip.target import DEFAULT_PYTHON, admitted, nearest
from resolvers.pip.uv.command import (
    Files,
    Index,
    Outcome,
    compile_files,
    find_python,
    options,
    shell_command,
    uv_version,
)
from resolvers.pip.uv.failure import blame, wheelless, why_undecided
from resolvers.pip.uv.platform_name import uv_platform
from resolvers.pip.uv.proof import proof_text, read_proof
from resolvers.pip.uv.wheelless import Settled, settle
from resolvers.pip.uv.witness import unmet
from resolvers.seam import Means

_PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;]+)", re.MULTILINE)
_QUALIFIED = re.compile(r"(?<![\w.-])([A-Za-z0-9][A-Za-z0-9._-]*)[\[{]")
_DIRECT = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])? @ (?P<url>\S+)", re.MULTILINE)
_WHEEL = re.compile(r"/[^/]+?-(?P<version>[^-/]+)-(?:[^-/]+-)?[^-/]+-[^-/]+-[^-/]+\.whl$")


@dataclass
class PipOracle:
    """Asks uv, with answers cached by content.

    ``python`` is the version to prefer where the services leave a choice, ``seconds`` the time one
    question may take, ``index_content`` a digest of a local index (part of what a cached answer is
    kept under). Stub wheels go beside the cached answers, else into a temporary folder. ``runs``
    counts the runs of uv (a question may take several, see ``wheelless``), ``cached`` the answers
    that took none.
    """

    index: Index = field(default_factory=Index)
    python: str = DEFAULT_PYTHON
    cache: AnswerCache = field(default_factory=lambda: AnswerCache(None))
    seconds: float = 120.0
    index_content: str = ""
    binary: str = ""
    runs: int = 0
    cached: int = 0
    ecosystem: str = field(default="pypi", init=False)
    title: str = field(default="pip", init=False)
    _lacking: dict[Platform, set[str]] = field(default_factory=dict, init=False, repr=False)

    def setting(self, demands: Collection[Demand]) -> str:
        """Python version, platform, and overrides (which make the question another one)."""
        overrides = sorted(str(r) for r in _of(demands, Force.OVERRIDES))
        return " ".join([self._python_for(demands) or "none", str(uv_platform(_platform(demands))), *overrides])

    def ask(self, demands: Collection[Demand], prefer: Mapping[Package, str]) -> Answer:
        """One question to uv, or its cached answer."""
        python = self._python_for(demands)
        if python is None:
            return _no_python(demands)
        platform = _platform(demands)
        target = uv_platform(platform)
        if target is None:
            return Unknown(f"no wheels can be chosen for {platform.os} on {platform.arch}", everywhere=False)
        files = _files(demands, prefer)
        if not files.requirements:
            return Satisfied(Witness((), python))
        platform = replace(platform, python=python)
        return self._judge(self._settle(files, target, platform, demands), demands, platform)

    def meets(self, demands: Collection[Demand], witness: Witness) -> bool:
        """Whether the checker finds no Demand unmet, on the platform that the Demands name."""
        return not unmet(demands, witness, _platform(demands))

    @property
    def as_of(self) -> str:
        """The index's cutoff."""
        return self.index.exclude_newer

    @property
    def tools(self) -> Mapping[str, str]:
        """uv's version."""
        return {"uv": uv_version()}

    def replay(self, demands: Collection[Demand]) -> str:
        """The question as a shell command for uv alone, without credentials; empty where uv has no part
        in it (two operating systems)."""
        if all(d.requirement.package == PYTHON for d in demands):
            return find_python(d.requirement.constraint for d in demands)
        if all(is_platform(d) for d in demands):
            return ""
        python = self._python_for(demands) or self.python
        chosen = options(python, uv_platform(_platform(demands)) or "", self.index, public=True)
        files = _files(demands, {})
        direct = sorted({_direct(d.requirement, d.requirement.source) for d in demands if d.requirement.source})
        return shell_command(replace(files, requirements=(*files.requirements, *direct)), chosen)

    def digests(self, witness: Witness) -> Mapping[Candidate, tuple[str, ...]]:
        """The digests of the files that pip may take for a Witness, as the index tells them."""
        chosen = [candidate for candidate in witness.versions if candidate.package.type == self.ecosystem]
        return digests(chosen, witness.python or self.python, SimpleIndex(self.index))

    def _python_for(self, demands: Collection[Demand]) -> str | None:
        """The admitted version nearest to the preferred one (docs/decisions/0004-one-python.md)."""
        return nearest(admitted(d.requirement for d in demands if d.requirement.package == PYTHON), self.python)

    def _settle(self, files: Files, target: str, platform: Platform, demands: Collection[Demand]) -> Settled:
        before = self.runs

        def run(folders: Sequence[Path]) -> Outcome:
            return self._outcome(files, platform.python, target, folders)

        if self.index.allow_build:
            settled = Settled(run(()))
        else:
            known = self._lacking.setdefault(platform, set())
            settled = settle(run, lambda name: self._wheels.of(name, platform, _constraint(name, demands)), known)
            known.update(settled.stubs)
        self.cached += self.runs == before
        return settled

    @cached_property
    def _wheels(self) -> StubWheels:
        kept = self.cache.folder
        folder = kept / "stubs" if kept else Path(self._temporary.name)
        return StubWheels(SimpleIndex(self.index), folder, self.cache, self.index_content)

    @cached_property
    def _temporary(self) -> tempfile.TemporaryDirectory[str]:
        return tempfile.TemporaryDirectory(prefix="cohabit-stubs-")

    def _outcome(self, files: Files, python: str, target: str, folders: Sequence[Path]) -> Outcome:
        stubs = {"stubs": [folder.name for folder in folders]}
        question = self._question(files, python, target, self.index) | stubs
        # What was answered with the network is as good without it.
        with_network = self._question(files, python, target, replace(self.index, offline=False)) | stubs
        kept = self.cache.get(question) or self.cache.get(with_network)
        if isinstance(kept, list) and len(kept) == 3:
            return Outcome(*kept)
        self.runs += 1
        index = replace(self.index, find_links=(*self.index.find_links, *map(str, folders)))
        outcome = compile_files(files, options(python, target, index), self.seconds, self.binary)
        if self._is_lasting(outcome):
            self.cache.put(question, [outcome.code, outcome.stdout, outcome.stderr])
        return outcome

    def _is_lasting(self, outcome: Outcome) -> bool:
        """Whether the same question will always meet the same answer, as it does a want of wheels, and not what
        uv's cache lacks today."""
        if outcome.code == 1 and self.index.offline and _QUALIFIED.search(proof_text(outcome.stderr) or ""):
            return False
        return outcome.code == 0 or (outcome.code == 1 and why_undecided(outcome, (), wheelless(outcome)) is None)

    def _question(self, files: Files, python: str, target: str, index: Index) -> dict[str, Any]:
        return {
            "tool": f"uv {uv_version() if not self.binary else self.binary}",
            "options": options(python, target, index, public=True),
            "index": self.index_content,
            "day": _day(index),
            "requirements": sorted(files.requirements),
            "constraints": sorted(files.constraints),
            "overrides": sorted(files.overrides),
            "preferred": sorted(files.preferred),
        }

    def _judge(self, settled: Settled, demands: Collection[Demand], platform: Platform) -> Answer:
        outcome = settled.outcome
        if settled.guess is not None:
            opaque = _opaque(_versions(settled.guess.stdout), settled.stubs)
            if opaque:
                packages = {candidate.package.name for candidate in opaque}
                return blame(_unbuilt(opaque), packages, proof_text(outcome.stderr) or "", demands)
            outcome = settled.guess
        if outcome.code == 0:
            return _checked(Witness(_versions(outcome.stdout), platform.python), demands, platform)
        undecided = why_undecided(outcome, demands, settled.packages)
        if undecided is not None:
            return undecided
        proof = proof_text(outcome.stderr) or ""
        return self._unfound(proof, demands, platform) or read_proof(proof, demands)

    def _unfound(self, proof: str, demands: Collection[Demand], platform: Platform) -> Unknown | None:
        """Why a proof proves nothing that leans on a package with an extra or behind a marker which no index, or
        without the network no cache, has: uv says of such a one only that no version fits."""
        target = uv_platform(platform) or ""
        for name in sorted(set(_QUALIFIED.findall(proof))):
            alone = self._outcome(Files((name,)), platform.python, target, ())
            found = why_undecided(alone, demands) if _is_unfound(name, alone) else None
            if found is not None:
                return blame(found.reason, {str(canonicalize_name(name))}, proof, demands)
        return None


def _is_unfound(name: str, alone: Outcome) -> bool:
    """Whether the package itself is what a run that asked for nothing else did not find."""
    said = " ".join(alone.stderr.split())
    return re.search(rf"(?<![\w.-]){re.escape(name)} (?:was|were) not found in the", said) is not None


def _checked(witness: Witness, demands: Collection[Demand], platform: Platform) -> Satisfied | Unknown:
    missed = unmet(demands, witness, platform, of_index=True)
    if not missed:
        return Satisfied(witness)
    return Unknown(f"uv's answer does not meet {missed[0].requirement} of {missed[0].service}", frozenset(missed))


def _opaque(versions: Sequence[Candidate], stubs: Mapping[str, Stubs]) -> dict[Candidate, str]:
    """The Candidates of a guessed answer of which nothing is known, and why."""
    found = {c: stubs[c.package.name].opaque for c in versions if c.package.name in stubs}
    return {c: reasons[c.version] for c, reasons in found.items() if c.version in reasons}


def _unbuilt(opaque: Mapping[Candidate, str]) -> str:
    by_reason: dict[str, list[str]] = {}
    for candidate, reason in opaque.items():
        by_reason.setdefault(reason, []).append(f"{candidate.package.name} {candidate.version}")
    said = (
        f"{', '.join(names)} {'has' if len(names) == 1 else 'have'} no wheel, and {reason}"
        for reason, names in by_reason.items()
    )
    return f"{'; '.join(said)}: --allow-build lets uv build it"


def _constraint(name: str, demands: Collection[Demand]) -> str:
    """What the Demands themselves say of a package, whatever Python or platform; empty if it cannot be told."""
    meant = [r for d in demands if (r := d.requirement).package == pypi(name) and not r.marker]
    forced = [r for r in meant if r.force is Force.OVERRIDES] or meant
    try:
        specifiers = SpecifierSet(",".join(sorted({r.constraint for r in forced if r.constraint})))
        specifiers.contains("0")
        return str(specifiers)
    except ValueError:
        return ""


def _no_python(demands: Collection[Demand]) -> Refuted:
    about = sorted(d for d in demands if d.requirement.package == PYTHON)
    causes = tuple(
        Explanation(Fact.REQUIRED, str(d.requirement), service=d.service, origin=d.requirement.origin) for d in about
    )
    return Refuted(Explanation(Fact.CLASH, PYTHON.name, causes=causes), frozenset(about), (PYTHON,))


def _platform(demands: Collection[Demand]) -> Platform:
    values = {d.requirement.package: d.requirement.constraint for d in sorted(demands)}
    return Platform("", values.get(OPERATING_SYSTEM, ANY_LINUX), values.get(ARCHITECTURE, "x86_64"))


def _of(demands: Collection[Demand], force: Force) -> list[Requirement]:
    """What can be asked of uv. A direct reference is left out: uv would fetch it, and what it wants in
    turn is unknown without a checkout, which makes its service's verdicts Undecided elsewhere."""
    wanted = (d.requirement for d in demands)
    return [r for r in wanted if r.force is force and r.package.type == "pypi" and r.source is None]


def _files(demands: Collection[Demand], prefer: Mapping[Package, str]) -> Files:
    return Files(
        requirements=_lines(_of(demands, Force.REQUIRES)),
        constraints=_lines(_of(demands, Force.LIMITS)),
        overrides=_lines(_of(demands, Force.OVERRIDES)),
        preferred=tuple(sorted(f"{package.name}=={version}" for package, version in prefer.items())),
    )


def _lines(requirements: Sequence[Requirement]) -> tuple[str, ...]:
    return tuple(sorted({_line(r) for r in requirements}))


def _line(requirement: Requirement) -> str:
    marker = f" ; {requirement.marker}" if requirement.marker else ""
    return f"{requirement}{marker}"


def _direct(requirement: Requirement, source: Source) -> str:
    """A direct reference (PEP 508) for a person to try: unlike a question, it makes uv fetch."""
    if source.kind == "git":
        location, _, fragment = source.location.partition("#")
        at = f"@{source.reference}" if source.reference else ""
        return f"{requirement.package.name} @ git+https://{location}{at}{'#' if fragment else ''}{fragment}"
    return f"{requirement.package.name} @ {source.location}"


def _versions(stdout: str) -> tuple[Candidate, ...]:
    found = {pypi(m["name"]): m["version"] for m in _PINNED.finditer(stdout)}
    for match in _DIRECT.finditer(stdout):
        wheel = _WHEEL.search(match["url"].partition("#")[0])
        found[pypi(match["name"])] = wheel["version"] if wheel else match["url"]
    return tuple(Candidate(package, version) for package, version in sorted(found.items()))


def _day(index: Index) -> str:
    """Today, where an answer may be another tomorrow: a remote index that no past time fixes."""
    now = datetime.now(UTC)
    places = (index.url, *index.find_links)
    local = all(place.startswith("file:") for place in places if place) and any(places)
    fixed = index.exclude_newer and index.exclude_newer <= now.isoformat()
    return "" if local or fixed else now.date().isoformat()


def prepared(means: Means) -> PipOracle:
    """The oracle as the front door wants it. Raises UvMissingError where there is no uv to ask."""
    index = Index(
        _absolute(means.index_url),
        tuple(map(_absolute, means.find_links)),
        _cutoff(means),
        means.offline,
        means.allow_build,
    )
    uv_version()
    return PipOracle(
        index=index,
        python=means.python or DEFAULT_PYTHON,
        cache=AnswerCache(means.cache),
        seconds=means.seconds,
        index_content=digest_of((index.url, *index.find_links)),
    )


def _absolute(place: str) -> str:
    """A URL as it is; a local folder as a ``file:`` URL, since uv runs in a folder of its own."""
    return place if not place or "://" in place else Path(place).resolve().as_uri()


def _cutoff(means: Means) -> str:
    if means.exclude_newer is not None:
        return means.exclude_newer
    # Only the default index is known to give upload dates; without them uv drops every file.
    if means.index_url or means.find_links:
        return ""
    return f"{datetime.now(UTC).date().isoformat()}T00:00:00Z"


def digest_of(places: Sequence[str]) -> str:
    """A digest of the names, sizes and times of a local index's files; empty for remote ones."""
    digest = hashlib.sha256()
    local = [Path(p.removeprefix("file://")) for p in places if p and "://" not in p.removeprefix("file://")]
    for place in local:
        for file in sorted(place.rglob("*")) if place.is_dir() else ():
            stat = file.stat()
            digest.update(f"{file}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest() if local else ""
