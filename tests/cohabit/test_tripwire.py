"""A fleet in which everything that some tool would run leaves its name: an audit of it leaves none."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.local_index import Distribution, build_index

COHABIT = str(Path(sys.executable).parent / "cohabit")
IDENTITY = {f"GIT_{who}_{what}": "t@git.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}

PYTHON = "open({wire!r}, 'a').write({name!r} + '\\n')\n"
SHELL = "#!/bin/sh\necho {name} >> {wire}\n"
GROOVY = "new File('{wire}') << '{name}\\n'\n"
KOTLIN = 'java.io.File("{wire}").appendText("{name}\\n")\n'

TRAPS = {
    "gradlew": SHELL,
    "build.gradle": GROOVY + "dependencies {{ implementation 'g:a:1' }}\napply from: 'more.gradle'\n",
    "more.gradle": GROOVY,
    "settings.gradle": GROOVY + "include 'lib'\n",
    "init.gradle": GROOVY,
    "gradle/wrapper/gradle-wrapper.properties": "distributionUrl=file\\://{wire}\n",
    "gradle.properties": "org.gradle.jvmargs=-XX:OnError=touch\\ {wire}\n",
    "buildSrc/build.gradle.kts": KOTLIN + "plugins {{ `kotlin-dsl` }}\n",
    "buildSrc/src/main/kotlin/own.gradle.kts": KOTLIN,
    "lib/build.gradle.kts": KOTLIN + 'plugins {{ id("own") }}\n',
    "setup.py": PYTHON + "from setuptools import setup\nsetup(name='trap')\n",
    "backend/__init__.py": PYTHON,
    "hatch_build.py": PYTHON,
    "conftest.py": PYTHON,
    "sitecustomize.py": PYTHON,
    "usercustomize.py": PYTHON,
    "noxfile.py": PYTHON,
    "env/lib/python3.11/site-packages/trap.pth": "import sys; " + PYTHON,
    "env/pyvenv.cfg": "home = /usr/bin\nversion = 3.11.2\n",
    "env/bin/python": SHELL,
    "Makefile": "all:\n\techo {name} >> {wire}\n",
    "package.json": '{{"name": "t", "version": "1.0.0", "scripts": {{"preinstall": "echo {name} >> {wire}"}}}}',
    "install.sh": SHELL + "apt-get install -y nginx\n",
    ".envrc": SHELL,
    "hooks/post-checkout": SHELL,
    "hooks/post-index-change": SHELL,
    "fsmonitor": SHELL,
    "smudge": SHELL + "cat\n",
    ".gitattributes": "*.txt filter=trap\n",
    ".gitmodules": '[submodule "x"]\n\tpath = x\n\turl = ext::sh -c touch% {wire}\n',
    "Procfile": "web: sh install.sh\n",
    "data.txt": "data\n",
}
"""What lies in each service's folder, by its path: programs that write their own name to the wire."""

CONFIG = """[core]
\trepositoryformatversion = 0
\tbare = false
\tfsmonitor = {folder}/fsmonitor
\thooksPath = {folder}/hooks
\tsshCommand = {folder}/fsmonitor
[filter "trap"]
\tsmudge = {folder}/smudge
\tclean = {folder}/smudge
\tprocess = {folder}/smudge
[remote "origin"]
\turl = ext::{folder}/fsmonitor
"""

BY_HAND: dict[str, list[str]] = {
    "gradlew": ["./gradlew"],
    "setup.py": [sys.executable, "setup.py", "--name"],
    "backend/__init__.py": [sys.executable, "-c", "import backend"],
    "hatch_build.py": [sys.executable, "hatch_build.py"],
    "conftest.py": [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider", "--rootdir=."],
    "sitecustomize.py": ["env", "PYTHONPATH=.", sys.executable, "-c", "0"],
    "env/lib/python3.11/site-packages/trap.pth": [
        sys.executable, "-c", "import site; site.addsitedir('env/lib/python3.11/site-packages')",
    ],
    "env/bin/python": ["./env/bin/python"],
    "Makefile": ["make"],
    "package.json": ["npm", "run", "--silent", "preinstall"],
    "install.sh": ["sh", "-c", "PATH= . ./install.sh"],
    "fsmonitor": ["git", "status"],
    "hooks/post-checkout": ["git", "checkout", "-q", "-B", "other"],
    "smudge": ["sh", "-c", "rm data.txt; git checkout -q -- data.txt"],
}  # fmt: skip
"""How each is set off, where the program for it is there."""


def lay(folder: Path, wire: Path, *, requirements: str) -> None:
    """A service's folder full of traps, a git checkout with settings that run something."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in TRAPS.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content.format(name=name, wire=str(wire)))
        place.chmod(0o755)
    backend = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    hatch = '[tool.hatch.build.hooks.custom]\npath = "hatch_build.py"\n'
    project = '[project]\nname = "trap"\ndynamic = ["version", "dependencies"]\n'
    (folder / "pyproject.toml").write_text(backend + project + hatch)
    (folder / "requirements.txt").write_text(requirements)
    for words in (["init", "-q"], ["add", "data.txt"], ["commit", "-q", "-m", "data"]):
        git = ["git", "-c", "init.defaultBranch=main", "-c", f"core.hooksPath={folder}/.git/hooks", *words]
        subprocess.run(git, cwd=folder, check=True, env=environment(folder))
    (folder / ".git/config").write_text(CONFIG.format(folder=folder))
    (folder / ".git/hooks").mkdir(exist_ok=True)
    for hook in ("post-checkout", "pre-commit", "post-index-change", "reference-transaction"):
        shutil.copy(folder / "hooks/post-checkout", folder / ".git/hooks" / hook)


def environment(home: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(home.parent), "GIT_CONFIG_NOSYSTEM": "1", **IDENTITY}


@pytest.fixture
def index(tmp_path: Path) -> str:
    return build_index(tmp_path / "index", [Distribution("flask", "1.0"), Distribution("flask", "2.0")]).as_uri()


@pytest.mark.parametrize("name", [name for name, words in BY_HAND.items() if shutil.which(words[0]) or "/" in words[0]])
def test_the_wire_is_tripped_by_hand(name: str, tmp_path: Path) -> None:
    folder, wire = tmp_path / "svc", tmp_path / "wire"
    lay(folder, wire, requirements="")
    assert not wire.exists()
    subprocess.run(BY_HAND[name], cwd=folder, check=False, env=environment(folder), capture_output=True)
    assert name in wire.read_text().split()


def test_no_code_of_a_service_runs(tmp_path: Path, index: str) -> None:
    root, wire = tmp_path / "fleet", tmp_path / "wire"
    for name, requirements in {"": "", "api": "-e .\n", "one": "flask>=2\n", "two": "flask<2\n"}.items():
        lay(root / name, wire, requirements=requirements)
    for name in ("one", "two"):
        (root / name / "pyproject.toml").unlink()
    for command, form in (("audit", "json"), ("audit", "terminal"), ("gather", "json")):
        offline = [] if command == "gather" else ["--offline", "--index-url", index, "--no-cache"]
        run = subprocess.run(
            [COHABIT, command, "--format", form, *offline],
            cwd=root, env=environment(root), capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert run.returncode in (0, 1, 3), run.stderr
        assert "one" in run.stdout and "Traceback" not in run.stderr
        assert not wire.exists(), wire.read_text()
        if (command, form) == ("audit", "json"):
            report = json.loads(run.stdout)
            assert ["one", "two"] in [conflict["services"] for conflict in report["conflicts"]]
            assert {"maven", "pypi"} <= {
                s["ecosystem"] for service in report["fleet"]["services"] for s in service["sets"]
            }
