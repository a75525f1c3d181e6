"""Microsoft's validator of SARIF, which ``.ci/set-up`` puts beside the Python of the tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_WITHOUT_NETWORK = '{"SARIF2006.UrisShouldBeReachable.Options": {"RuleEnabled": "Disabled"}}'
_RULES = ("--rule-kind", "Sarif;Ghas", "--level", "Error;Warning;Note")
_PROGRAM = Path(sys.executable).parent / "Sarif.Multitool"
# Without libicu, which needs no place in a test machine.
_ENVIRONMENT = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}


def complaints(content: bytes, folder: Path) -> set[tuple[str, str]]:
    """Rule and level of each thing that the validator finds wrong, by SARIF's rules and GitHub's.

    It exits with 0 on any input, so what counts is what it writes. Of a log that it cannot take in (a value that
    is in no enumeration) it finds nothing at all, where it has a note or two on any other: that is a failure too.
    """
    log, judged, policy = folder / "log.sarif", folder / "judged.sarif", folder / "policy.json"
    log.write_bytes(content)
    policy.write_text(_WITHOUT_NETWORK)
    judged.unlink(missing_ok=True)
    command = [_PROGRAM, "validate", log, *_RULES, "--config", policy, "--output", judged]
    subprocess.run(command, env=_ENVIRONMENT, check=True, capture_output=True, timeout=120)
    (run,) = json.loads(judged.read_text(encoding="utf-8-sig"))["runs"]
    (invocation,) = run["invocations"]
    found = set(_found(run))
    assert invocation["executionSuccessful"] and found, "the validator could not read the log"
    return found


def _found(run: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for result in run["results"]:
        yield result["ruleId"], result.get("level", "warning")
