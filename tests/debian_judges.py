"""Debian's own tools as judges: dpkg of versions, dose-debcheck and apt-get of package sets."""

from __future__ import annotations

import re
import shlex
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

from resolvers.inflate import Inflated
from resolvers.members import LIMITS

Pair = tuple[str, str]
_ALPHABET = "0123456789abzAZ.+~-"


def dpkg_order(pairs: Sequence[Pair]) -> list[str]:
    """``<``, ``=`` or ``>`` for each pair of versions, by ``dpkg --compare-versions``."""
    script = "\n".join(
        f"if dpkg --compare-versions {a} lt {b}; then echo '<'; "
        f"elif dpkg --compare-versions {a} eq {b}; then echo '='; else echo '>'; fi"
        for a, b in ((shlex.quote(a), shlex.quote(b)) for a, b in pairs)
    )
    run = subprocess.run(["sh"], input=script, capture_output=True, text=True, check=True)
    return run.stdout.split()


def random_pairs(count: int, seed: int) -> list[Pair]:
    """Pairs of valid versions that share a start more often than not, so that their ends decide."""
    random = Random(seed)
    return [_pair(random) for _ in range(count)]


def _pair(random: Random) -> Pair:
    first = _version(random)
    return first, (_version(random) if random.random() < 0.2 else _changed(first, random))


def _version(random: Random) -> str:
    epoch = random.choice(["", "", "", "0:", "1:", "02:"])
    revision = random.choice(["", "-" + _run(random, "0123456789abzAZ.+~", 4)])
    return f"{epoch}{random.choice('0123')}{_run(random, _ALPHABET.rstrip('-'), 6)}{revision}"


def _changed(version: str, random: Random) -> str:
    """The version with one place cut, doubled, replaced or enlarged, if that is a version still."""
    at = random.randrange(version.find(":") + 2, len(version) + 1)
    tail = version[at + random.choice([0, 1]) :]
    changed = version[:at] + random.choice(["", *_ALPHABET]) + tail
    return f"{changed}0" if changed.endswith("-") else changed


def _run(random: Random, alphabet: str, length: int) -> str:
    return "".join(random.choices(alphabet, k=random.randint(1, length)))


def dose_refuses(index: str, asked: Mapping[str, str], *, foreign: Sequence[str] = ()) -> set[str]:
    """Which of the questions dose-debcheck answers with no.

    ``index`` is the text of a Packages file. A question is what a package that is installed depends on;
    all are put in one run. Essential packages of ``index`` are part of every question.
    """
    with tempfile.TemporaryDirectory() as scratch:
        background, foreground = Path(scratch, "index"), Path(scratch, "questions")
        background.write_text(index)
        foreground.write_text("".join(_question(number, text) for number, text in enumerate(asked.values())))
        places = (f"--bg={background}", f"--fg={foreground}", "--deb-native-arch=amd64")
        architectures = [f"--deb-foreign-archs={','.join(foreign)}"] if foreign else []
        run = subprocess.run(
            ["dose-debcheck", *places, *architectures, "--failures"], capture_output=True, text=True, check=False
        )
    # 0 and 1 are answers (dose-debcheck(1)).
    if run.returncode > 1:
        raise RuntimeError(run.stderr)
    names = list(asked)
    return {names[int(number)] for number in re.findall(r"package: question-(\d+)\b", run.stdout)}


def _question(number: int, depends: str) -> str:
    return f"Package: question-{number}\nVersion: 1\nArchitecture: amd64\nDepends: {depends}\n\n"


class Apt:
    """apt-get on an index of its own, with nothing installed and no network."""

    def __init__(self, index: str, folder: Path, architectures: Sequence[str] = ("amd64",)) -> None:
        repository = folder / "repository"
        for place in ("repository", "lists/partial", "cache/archives/partial", "etc/preferences.d", "log"):
            (folder / place).mkdir(parents=True)
        (repository / "Packages").write_text(_with_files(index))
        (folder / "status").touch()
        (folder / "sources.list").write_text(f"deb [trusted=yes] file:{repository} ./\n")
        settings = {
            "Dir::Etc": folder / "etc",
            "Dir::Etc::sourcelist": folder / "sources.list",
            "Dir::Etc::sourceparts": "-",
            "Dir::State": folder,
            "Dir::State::status": folder / "status",
            "Dir::State::lists": folder / "lists",
            "Dir::Cache": folder / "cache",
            "Dir::Log": folder / "log",
            "APT::Sandbox::User": "",
            "APT::Architecture": architectures[0],
            "APT::Architectures": ",".join(architectures),
            "APT::Install-Recommends": "false",
        }
        self._apt = ["apt-get", *(word for name, value in settings.items() for word in ("-o", f"{name}={value}"))]
        subprocess.run([*self._apt, "update"], capture_output=True, check=True, env=_PLAIN)

    def installs(self, *packages: str) -> bool:
        """Whether ``apt-get install`` finds a way."""
        return self.does("install", *packages)

    def does(self, *words: str) -> bool:
        """Whether apt-get finds a way to do what it is told."""
        run = subprocess.run([*self._apt, "-s", *words], capture_output=True, text=True, env=_PLAIN)
        if run.returncode not in (0, 100):
            raise RuntimeError(run.stderr)
        return run.returncode == 0


_PLAIN = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "APT_CONFIG": "/dev/null"}


def _with_files(index: str) -> str:
    """apt wants each package to have a file."""
    files = "Filename: none.deb\nSize: 1\nSHA256: " + "0" * 64
    stanzas = (stanza.strip("\n") for stanza in index.split("\n\n"))
    return "".join(f"{stanza}\n{files}\n\n" for stanza in stanzas if stanza)


def inflated(index: Path) -> str:
    """The text of a Packages file, compressed or not."""
    with index.open("rb") as file:
        stream = Inflated(file, LIMITS)
        return b"".join(iter(lambda: stream.read(2**20), b"")).decode()
