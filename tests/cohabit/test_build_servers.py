"""The GitHub Action, the GitLab template and the pre-commit hook, as far as they run without their hosts."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.local_index import frozen_index
from tests.resolvers.git.repositories import QUIET, Made, made

ROOT = Path(__file__).parents[2]
TOOLS = Path(sys.executable).parent
ACTION, TEMPLATE, HOOKS = (
    ROOT / "action.yml",
    ROOT / "templates" / "cohabit.gitlab-ci.yml",
    ROOT / ".pre-commit-hooks.yaml",
)
OLD, NEW = "flask<3\n", "flask>=3\n"


@pytest.fixture
def shop(tmp_path) -> Made:
    """A repository in a folder with a blank in its name, whose last commit brings in a second conflict."""
    repository = made(tmp_path / "the shop")
    repository.commit(**{"cohabit.toml": '[platform]\npython = "3.12"\n', "a__requirements.txt": OLD,
                         "b__requirements.txt": NEW})  # fmt: skip
    repository.commit(**{"c__requirements.txt": OLD})
    return repository


@pytest.fixture
def surroundings(tmp_path) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("COHABIT_", "GITHUB_", "CI_"))}
    index = frozen_index(built=False).as_uri()
    return own | QUIET | {"COHABIT_INDEX_URL": index, "XDG_CACHE_HOME": str(tmp_path / "cache"), "COLUMNS": "100"}


def _run(
    script: str, shop: Made, environment: dict[str, str], *, shell: str = "bash"
) -> subprocess.CompletedProcess[str]:
    command = [shell, "-e", *(["-o", "pipefail"] if shell == "bash" else []), "-c", script]
    return subprocess.run(
        command, cwd=shop.path, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def _linked(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "cohabit").symlink_to(TOOLS / "cohabit")


@pytest.mark.parametrize(("file", "schema"), [(ACTION, "github-actions"), (TEMPLATE, "gitlab-ci")])
def test_the_files_are_what_their_hosts_accept(file, schema):
    command = [str(TOOLS / "check-jsonschema"), "--builtin-schema", f"vendor.{schema}", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_pre_commit_accepts_the_hook():
    subprocess.run([str(TOOLS / "pre-commit"), "validate-manifest", str(HOOKS)], check=True)


def _steps() -> list[dict[str, object]]:
    return yaml.safe_load(ACTION.read_text())["runs"]["steps"]


def test_no_input_is_written_into_a_script():
    assert all("${{" not in str(step["run"]) for step in _steps())


def test_every_input_is_used_and_every_one_used_is_there():
    inputs = yaml.safe_load(ACTION.read_text())["inputs"]
    assert set(re.findall(r"inputs\.([a-z-]+)", ACTION.read_text())) == set(inputs)


def test_the_action_installs_itself(shop, surroundings, tmp_path):
    python = tmp_path / "python"
    python.write_text(
        '#!/bin/sh\nmkdir -p "$3/bin"\nprintf \'#!/bin/sh\\necho "$@"\\n\' > "$3/bin/pip"\nchmod +x "$3/bin/pip"\n'
    )
    python.chmod(0o755)
    more = {"RUNNER_TEMP": str(tmp_path / "run ner"), "ACTION": "/the action", "PYTHON": str(python)}
    done = _run(str(_steps()[0]["run"]), shop, surroundings | more)
    assert done.stdout == "install --quiet --disable-pip-version-check /the action\n"


GIVEN = {"FOLDER": ".", "AGAINST": "", "BASELINE": "", "FAIL_ON": "", "MAX_ENVIRONMENTS": "", "ARGUMENTS": "",
         "ALLOW_INCOMPLETE": "false", "SARIF": "cohabit.sarif"}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "code", "annotations"),
    [
        ({}, 1, 2),
        ({"AGAINST": "HEAD^1"}, 1, 1),
        ({"AGAINST": "HEAD", "MAX_ENVIRONMENTS": "2"}, 0, 0),
        ({"FAIL_ON": "never", "ARGUMENTS": "--stance locked --offline"}, 0, 2),
        ({"ARGUMENTS": "--stance=locked\n--offline\n--against=HEAD\n", "SARIF": "the log.sarif"}, 0, 0),
        ({"SARIF": ""}, 1, 2),
        ({"BASELINE": "no such; touch sprung"}, 2, 0),
        ({"FOLDER": "-h"}, 2, 0),
    ],
)
def test_the_action_checks(shop, surroundings, tmp_path, given, code, annotations):
    _linked(tmp_path / "runner" / "cohabit" / "bin")
    files = {"GITHUB_OUTPUT": str(tmp_path / "output"), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
    step = _steps()[1]
    assert set(step["env"]) == set(GIVEN)
    done = _run(
        str(step["run"]), shop, surroundings | files | GIVEN | given | {"RUNNER_TEMP": str(tmp_path / "runner")}
    )
    assert done.returncode == code, done.stderr
    assert (tmp_path / "output").read_text() == f"exit-code={code}\n"
    assert len(re.findall(r"^::error ", done.stdout, re.MULTILINE)) == annotations
    if code != 2:
        logs = [json.loads(file.read_text())["version"] for file in shop.path.glob("*.sarif")]
        assert logs == ["2.1.0"] * (given.get("SARIF") != "")
        assert (tmp_path / "summary").read_text().startswith("## cohabit")
    assert not (shop.path / "sprung").exists()


@pytest.mark.parametrize(("base", "code"), [("", 1), ("HEAD~1", 1), ("HEAD", 0)])
def test_the_template_checks(shop, surroundings, base, code):
    job = yaml.safe_load(TEMPLATE.read_text())["cohabit"]
    _linked(shop.path / ".gate" / "bin")
    variables = job["variables"] | {"CI_MERGE_REQUEST_DIFF_BASE_SHA": shop.git("rev-parse", base) if base else ""}
    done = _run("\n".join(job["script"]), shop, surroundings | variables, shell="sh")
    assert done.returncode == code, done.stderr
    reports = [*job["artifacts"]["paths"], *job["artifacts"]["reports"].values()]
    assert len(reports) == 3 and all((shop.path / name).stat().st_size for name in reports)


READ = """a/requirements-prod.txt a/requirements.in deploy/compiled.txt pyproject.toml a/setup.cfg a/setup.py Pipfile
uv.lock pylock.web.toml .python-version runtime.txt a/apt.txt Aptfile a/packages.txt debian/control x.spec rpms.list
install.sh Dockerfile a/web.Dockerfile Dockerfile.prod Containerfile compose.yaml k8s/web.yml .env Procfile web.service
build.gradle build.gradle.kts gradle.properties gradle/libs.versions.toml gradle.lockfile buildSrc/src/main/Versions.kt
gradle/dependency-locks/runtimeClasspath.lockfile dependencies.lock dependencies.txt pom.xml bom.json sbom-web.json
web.cdx.json web.spdx.json .gitmodules cohabit.toml"""


@pytest.mark.parametrize(("files", "looked_at"), [(READ, True), ("a/main.py README.md a/x.js x.png", False)])
def test_the_hook_looks_at_what_cohabit_reads(files, looked_at):
    (hook,) = yaml.safe_load(HOOKS.read_text())
    assert [file for file in files.split() if bool(re.search(hook["files"], file)) != looked_at] == []


def test_the_hook_stops_a_commit(shop, surroundings, tmp_path):
    (hook,) = yaml.safe_load(HOOKS.read_text())
    local = hook | {"language": "system", "entry": f"{TOOLS / 'cohabit'} check"}
    (shop.path / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [{"repo": "local", "hooks": [local]}]}))
    shop.commit()
    home = surroundings | {"PRE_COMMIT_HOME": str(tmp_path / "home"), "PATH": f"{TOOLS}:{surroundings['PATH']}"}

    def committed(file: str, text: str) -> tuple[int, str]:
        (shop.path / file).parent.mkdir(exist_ok=True)
        (shop.path / file).write_text(text)
        shop.git("add", "-A")
        done = _run(f"{TOOLS / 'pre-commit'} run", shop, home)
        return done.returncode, done.stdout

    assert committed("notes.md", "nothing that it looks at")[1].count("Skipped") == 1
    code, told = committed("c/requirements.txt", "six<2\n")
    assert code == 0 and "Passed" in told
    code, told = committed("c/requirements.txt", NEW)
    assert code == 1 and "1 conflict brought in" in told
