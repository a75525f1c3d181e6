"""The judges of fleets with Debian and RPM packages, before the frozen universes: dose-debcheck and libsolv.

Nothing of cohabit decides anything here. A question is a group of words as they stand in a service's
files, in the syntax of a control file for Debian (``nginx (= 1.22.1-9+deb12u9)``), and for RPM a package
(``curl``), a package at a version (``curl = 7.76.1-14.el9``), a capability with a range or a file.
"""

from __future__ import annotations

import json
import lzma
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).parent.parent / "fixtures"
BOOKWORM = FIXTURES / "deb" / "bookworm"
CENTOS = tuple(FIXTURES / "rpm" / "centos9" / name for name in ("baseos", "appstream"))
Words = tuple[str, ...]
Pin = tuple[str, str]
_PIN = re.compile(r"(\S+) \(= (\S+)\)")


class Dose:
    """dose-debcheck before the frozen mirror of Debian 12. As apt does, a question sees the highest
    version of each package, and besides only versions that it names itself."""

    tool = "dose-debcheck"

    def judged(self, questions: Iterable[Words], named: Iterable[str] = ()) -> dict[Words, bool]:
        """Whether the words of each question can be installed together, the essential packages besides.
        Versions that ``named`` words pin can be seen too."""
        from tests.debian_judges import dose_refuses

        by_pins: dict[frozenset[Pin], dict[str, Words]] = defaultdict(dict)
        others = tuple(named)
        for words in questions:
            pins = frozenset((m[1], m[2]) for word in (*words, *others) if (m := _PIN.fullmatch(word)))
            by_pins[pins][", ".join(words)] = words
        verdicts: dict[Words, bool] = {}
        for pins, asked in by_pins.items():
            refused = dose_refuses(self.index(pins), {text: text for text in asked})
            verdicts |= {words: text not in refused for text, words in asked.items()}
        return verdicts

    def index(self, pins: Iterable[Pin] = ()) -> str:
        """The text of the index with the highest versions and those pinned."""
        shown = dict.fromkeys([*self._highest.items(), *pins])
        return "\n".join(self._stanzas[name][version] for name, version in shown)

    def everything(self) -> str:
        """The text of the index with all versions."""
        return "\n".join(stanza for versions in self._stanzas.values() for stanza in versions.values())

    @cached_property
    def _stanzas(self) -> Mapping[str, Mapping[str, str]]:
        """Stanzas by name and version."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for file in sorted(BOOKWORM.glob("dists/*/main/binary-amd64/Packages.xz")):
            for stanza in lzma.decompress(file.read_bytes()).decode().strip().split("\n\n"):
                fields = dict(line.split(": ", 1) for line in stanza.splitlines())
                found[fields["Package"]][fields["Version"]] = f"{stanza}\n"
        return found

    @cached_property
    def _highest(self) -> Mapping[str, str]:
        from debian.debian_support import Version

        return {name: max(versions, key=Version) for name, versions in self._stanzas.items()}


class Libsolv:
    """libsolv before the frozen repositories of CentOS Stream 9, in a process of its own."""

    tool = "libsolv"

    def judged(self, questions: Iterable[Words], named: Iterable[str] = ()) -> dict[Words, bool]:
        """Whether the words of each question can be installed together. Recommends are ignored; every
        version can be seen, whatever is ``named``."""
        asked = list(questions)
        given = json.dumps({"repositories": [str(place) for place in CENTOS], "questions": asked})
        run = subprocess.run([sys.executable, __file__], input=given, capture_output=True, text=True, check=True)
        return dict(zip(asked, json.loads(run.stdout), strict=True))


def _pool(repositories: Sequence[str]) -> Any:
    import solv

    pool = solv.Pool()
    pool.setarch("x86_64")
    # Packages of several architectures beside one another, as with dnf.
    pool.set_flag(pool.POOL_FLAG_IMPLICITOBSOLETEUSESCOLORS, 1)
    for folder in repositories:
        (primary,) = Path(folder, "repodata").glob("*primary.xml*")
        stream = solv.xfopen(str(primary))
        if not pool.add_repo(folder).add_rpmmd(stream, None, 0):
            raise ValueError(pool.errstr)
        stream.close()
    pool.addfileprovides()
    pool.createwhatprovides()
    return pool


def _fits(pool: Any, words: Sequence[str]) -> bool:
    solver = pool.Solver()
    solver.set_flag(solver.SOLVER_FLAG_IGNORE_RECOMMENDED, 1)
    return not solver.solve([_job(pool, word) for word in words])


def _job(pool: Any, word: str) -> Any:
    import solv

    name, operator, version = [*word.split(), "", ""][:3]
    wanted = pool.str2id(name)
    is_package = operator in ("", "=") and _is_package(pool, wanted)
    if operator:
        relation = {"=": solv.REL_EQ, ">=": solv.REL_EQ | solv.REL_GT, "<": solv.REL_LT}[operator]
        version = _with_epoch(pool, wanted, version) if operator == "=" else version
        wanted = pool.rel2id(wanted, pool.str2id(version), relation)
    select = solv.Job.SOLVER_SOLVABLE_NAME if is_package else solv.Job.SOLVER_SOLVABLE_PROVIDES
    return pool.Job(solv.Job.SOLVER_INSTALL | select, wanted)


def _is_package(pool: Any, name: int) -> bool:
    return any(solvable.nameid == name for solvable in pool.whatprovides(name))


def _with_epoch(pool: Any, name: int, version: str) -> str:
    """``rpm -qa`` leaves the epoch out."""
    evrs = (solvable.evr for solvable in pool.whatprovides(name) if solvable.nameid == name)
    return next((evr for evr in evrs if version in (evr, evr.partition(":")[2])), version)


if __name__ == "__main__":
    question = json.load(sys.stdin)
    whole = _pool(question["repositories"])
    json.dump([_fits(whole, words) for words in question["questions"]], sys.stdout)
