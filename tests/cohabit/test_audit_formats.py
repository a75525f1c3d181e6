"""``cohabit audit`` in the formats of build servers: judged by the rules that hold without a policy."""

from __future__ import annotations

from pathlib import Path

import pytest

from cohabit.command_line import JUDGED_FORMATS, run
from tests.reports.read_back import OF_JUDGEMENTS


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    for service, line in {"billing": "flask<3", "accounts": "flask>=3"}.items():
        folder = tmp_path / "fleet" / service
        folder.mkdir(parents=True)
        (folder / "requirements.txt").write_text(f"{line}\n")
    return tmp_path / "fleet"


@pytest.mark.parametrize("form", JUDGED_FORMATS)
def test_the_conflict_is_in_the_file(form: str, fleet: Path, tmp_path: Path) -> None:
    file = tmp_path / form
    options = ["--offline", "--no-cache", "--prices", "0", "--python", "3.12"]
    assert run(["audit", str(fleet), *options, "--format", form, "--output", str(file)]) == 1
    (id,) = OF_JUDGEMENTS[form](file.read_bytes())
    assert id.startswith("pip001-")
