"""Deployment files give services their names, images and the layout that exit codes judge."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.boundary import Boundary
from analyzer.demands import ARCHITECTURE
from analyzer.origin import Origin
from analyzer.service import Fleet, PresentEnvironment
from cohabit.auditing import examine_fleet
from cohabit.configuration import ConfigurationError, load
from cohabit.exit_code import ExitCode, exit_code
from cohabit.fleet import gather_fleet
from cohabit.settings import ServiceSettings, Settings

ELEVEN = "FROM debian:11\n"
TWELVE = "FROM debian:12\n"
IMAGES = {"api/Dockerfile": ELEVEN, "web/Dockerfile": TWELVE}
"""Two services that cannot share a root filesystem."""


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def gather(root: Path, files: dict[str, str], settings: Settings = Settings(jobs=1)) -> Fleet:  # noqa: B008
    return gather_fleet(write(root, files), settings)


def pod(name: str, more: str = "") -> str:
    return (
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\n"
        f"spec: {{containers: [{{name: c, image: {name}}}]{more}}}\n---\n"
    )


def unit(name: str) -> str:
    return f"[Service]\nWorkingDirectory=/srv/{name}\nExecStart=/srv/{name}/run\n"


BOTH = "services: {api: {build: api}, web: {build: web}}\n"
LAYOUTS: dict[str, tuple[dict[str, str], ExitCode]] = {
    "nothing says how: one shared host": ({}, ExitCode.CONFLICTS),
    "Compose: a container each": ({"compose.yaml": BOTH}, ExitCode.FINE),
    "Compose tells of one: the other is not beside it": (
        {"compose.yaml": "services: {api: {build: api}}\n"}, ExitCode.FINE,
    ),
    "Compose tells of others: these share a host": (
        {"compose.yaml": "services: {jobs: {build: jobs}}\n", "jobs/Dockerfile": TWELVE}, ExitCode.CONFLICTS,
    ),
    "Compose starts only a database": (
        {"compose.yaml": "services: {db: {image: 'postgres:16'}}\n"}, ExitCode.CONFLICTS,
    ),
    "Kubernetes: a container each": ({"k.yaml": pod("api") + pod("web")}, ExitCode.FINE),
    "systemd: one root filesystem": ({"api.service": unit("api"), "web.service": unit("web")}, ExitCode.CONFLICTS),
    "a Procfile each: a slug each": (
        {"api/Procfile": "web: x\n", "web/Procfile": "web: x\n"}, ExitCode.FINE,
    ),
    "configuration says otherwise": (
        {
            "compose.yaml": BOTH,
            "cohabit.toml": '[[environment]]\nboundary = "container"\nservices = ["api", "web"]\n',
        },
        ExitCode.CONFLICTS,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", LAYOUTS)
def test_conflicts_count_where_they_meet_today(tmp_path: Path, case: str) -> None:
    files, expected = LAYOUTS[case]
    settings = load(write(tmp_path, IMAGES | files), environment={})
    report = examine_fleet(gather_fleet(tmp_path, settings), settings)
    assert [c.services for c in report.conflicts if set(c.services) == {"api", "web"}] == [("api", "web")]
    assert exit_code(report, settings.stance) is expected


MACHINES: dict[str, tuple[dict[str, str], ExitCode]] = {
    "a Compose project is on one machine": (
        {"compose.yaml": "services: {api: {build: api, platform: linux/arm64}, web: {build: web}}\n"},
        ExitCode.CONFLICTS,
    ),
    "a cluster has many": (
        {"k.yaml": pod("api", ", nodeSelector: {kubernetes.io/arch: arm64}") + pod("web")}, ExitCode.FINE,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", MACHINES)
def test_architectures_count_where_machines_are_shared(tmp_path: Path, case: str) -> None:
    files, expected = MACHINES[case]
    report = examine_fleet(gather(tmp_path, IMAGES | {"web/Dockerfile": ELEVEN} | files), Settings())
    assert [c.packages for c in report.conflicts] == [(ARCHITECTURE,)]
    assert exit_code(report, Settings().stance) is expected


def test_a_ready_made_image_keeps_to_itself(tmp_path: Path) -> None:
    compose = "services: {api: {build: api}, jobs: {build: jobs}, db: {image: 'postgres:16', ports: ['5432']}}\n"
    files = {"compose.yaml": compose, "api/Dockerfile": TWELVE, "jobs/Dockerfile": TWELVE}
    fleet = gather(tmp_path, files)
    image = next(s for s in fleet.services if s.name == "db")
    assert (image.image, image.sets, image.base, [str(p) for p in image.ports]) == ("postgres:16", (), (), ["5432/tcp"])
    assert [(s.what, s.incomplete) for s in image.skipped] == [("image postgres:16", False)]
    report = examine_fleet(fleet, Settings())
    assert exit_code(report, Settings().stance) is ExitCode.FINE
    for stance, plan in report.plans.items():
        assert [c.services for c in plan.containers()] == [("api", "jobs"), ("db",)]
        assert (plan.environments, plan.lower_bound, report.verdicts[stance].compatible) == (2, 2, 1)


def test_a_ready_made_image_in_a_certificate(tmp_path: Path) -> None:
    files = IMAGES | {"compose.yaml": "services: {api: {build: api}, web: {build: web}, db: {image: postgres}}\n"}
    report = examine_fleet(gather(tmp_path, files), Settings())
    assert {(p.certificate, p.lower_bound, p.environments) for p in report.plans.values()} == {
        (("api", "db", "web"), 3, 3)
    }


def test_only_ready_made_images(tmp_path: Path) -> None:
    fleet = gather(tmp_path, {"compose.yaml": "services: {a: {image: redis}, b: {image: arm64v8/redis}}\n"})
    report = examine_fleet(fleet, Settings())
    assert [plan.environments for plan in report.plans.values()] == [2, 2]
    assert [s.platform.arch for s in fleet.services] == ["x86_64", "aarch64"]
    assert fleet.present == ()


def test_the_folder_of_several_services(tmp_path: Path) -> None:
    compose = "services: {web: {build: app, mem_limit: 1g}, worker: {build: app}}\n"
    fleet = gather(tmp_path, {"compose.yaml": compose, "app/Dockerfile": ELEVEN, "app/requirements.txt": "flask>=2\n"})
    assert [(s.name, s.path, s.memory) for s in fleet.services] == [("web", "app", 2**30), ("worker", "app", None)]
    assert [len(s.sets) for s in fleet.services] == [1, 1]
    assert fleet.present == (
        PresentEnvironment(Boundary.CONTAINER, ("web",)),
        PresentEnvironment(Boundary.CONTAINER, ("worker",)),
        PresentEnvironment(Boundary.VM, ("web", "worker")),
    )


def test_a_dockerfile_in_the_folder_of_its_service(tmp_path: Path) -> None:
    compose = "services:\n" + "".join(
        f"  {name}: {{build: {{context: ., dockerfile: {path}}}}}\n"
        for name, path in (("ad", "src/ad/Dockerfile"), ("main", "docker/main/Dockerfile"))
    )
    files = {
        "compose.yaml": compose, "requirements.txt": "flask\n", "src/ad/requirements.txt": "django\n",
        "src/ad/Dockerfile": "FROM debian:11\n", "docker/main/Dockerfile": TWELVE, "other/requirements.txt": "x\n",
    }  # fmt: skip
    found = {s.name: s for s in gather(tmp_path, files).services}
    assert {name: s.path for name, s in found.items()} == {"ad": "src/ad", "main": "", "other": "other"}
    assert [found[name].platform.os for name in ("ad", "main")] == ["debian:11", "debian:12"]
    assert "no deployment file mentions it" in found["other"].evidence
    assert found["ad"].evidence[0] == "Compose service in compose.yaml:2"


def test_what_is_missing_is_told(tmp_path: Path) -> None:
    compose = "services: {gone: {build: gone}, bare: {build: bare}, far: {build: 'https://git.example/x.git'}}\n"
    fleet = gather(tmp_path, {"compose.yaml": compose, "bare/README": "x\n"})
    reasons = {s.name: [skipped.reason for skipped in s.skipped if skipped.incomplete] for s in fleet.services}
    assert reasons == {
        "bare": ["holds no manifest that is known", "does not exist"],
        "far": ["is built from outside of the audited folder"],
        "gone": ["is not there", "does not exist"],
    }


ENTRY = Origin("cohabit.toml", 1)
BILL = (
    '{"bomFormat": "CycloneDX", "specVersion": "1.6", '
    '"components": [{"type": "library", "name": "zlib", "version": "1", "purl": "pkg:npm/zlib@1"}]}'
)
FILES = {"compose.yaml": BOTH, **IMAGES, "sbom/db.cdx.json": BILL}
CONFIGURED: dict[str, tuple[ServiceSettings, tuple[object, ...]]] = {
    "by path, with another name": (
        ServiceSettings("shop", "api", ENTRY, memory=5), (("shop", "api", 5, ""), ("web", "web", None, "")),
    ),
    "by name": (
        ServiceSettings("web", None, ENTRY, owner="me"), (("api", "api", None, ""), ("web", "web", None, "me")),
    ),
    "by name, in another folder": (
        ServiceSettings("web", "sbom", ENTRY), (("api", "api", None, ""), ("web", "sbom", None, "")),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CONFIGURED)
def test_configuration_describes(tmp_path: Path, case: str) -> None:
    entry, expected = CONFIGURED[case]
    fleet = gather(tmp_path, FILES, Settings(jobs=1, services=(entry,), exclude=("sbom",)))
    assert tuple((s.name, s.path, s.memory, s.owner) for s in fleet.services) == expected


def test_a_bill_of_materials_for_an_image(tmp_path: Path) -> None:
    files = FILES | {"compose.yaml": "services: {db: {image: x}}\n"}
    entry = ServiceSettings("db", "sbom/db.cdx.json", ENTRY)
    (found,) = (s for s in gather(tmp_path, files, Settings(jobs=1, services=(entry,))).services if s.name == "db")
    assert [group.ecosystem for group in found.sets] == ["npm"]
    assert not found.is_ready_made


def test_services_of_one_folder_are_told_apart_by_name(tmp_path: Path) -> None:
    write(tmp_path, {"compose.yaml": "services: {web: {build: app}, job: {build: app}}\n", "app/Dockerfile": ELEVEN})
    configured = "[[service]]\nname = 'web'\npath = 'app'\nowner = 'w'\n[[service]]\nname = 'job'\npath = 'app'\n"
    write(tmp_path, {"cohabit.toml": f"jobs = 1\n{configured}"})
    fleet = gather_fleet(tmp_path, load(tmp_path, environment={}))
    assert [(s.name, s.owner) for s in fleet.services] == [("job", ""), ("web", "w")]


def test_a_name_that_is_no_service(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="name: there is no service 'wbe' \\(did you mean 'web'\\?\\)"):
        gather(tmp_path, FILES, Settings(jobs=1, services=(ServiceSettings("wbe", None, ENTRY),)))


def test_excluded_folders(tmp_path: Path) -> None:
    fleet = gather(tmp_path, FILES, Settings(jobs=1, exclude=("ap*", "sbom")))
    assert [s.name for s in fleet.services if s.path] == ["web"]


def test_listed_services_only(tmp_path: Path) -> None:
    settings = Settings(jobs=1, only_listed=True, services=(ServiceSettings("", "api", ENTRY),))
    assert [s.name for s in gather(tmp_path, FILES, settings).services] == ["api"]


def test_names_that_folders_have_too(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services: {api: {build: src/api}}\n",
        "src/api/Dockerfile": ELEVEN,
        "api/Dockerfile": TWELVE,
    }
    assert [(s.name, s.path) for s in gather(tmp_path, files).services] == [("./api", "api"), ("api", "src/api")]
