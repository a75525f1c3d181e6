"""A clash on a Maven module as a Gradle build that a person can run: a project for each service, and one of all."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from analyzer.package import Package
from analyzer.requirement import Force, Requirement
from resolvers.credentials import without_credentials
from resolvers.maven.class_path import PLATFORM, exclusion
from resolvers.maven.rich_version import rich_version

FOLDER = "gradle-clash"
"""Where the command puts its build, in the working folder."""

_TERM = re.compile(r"(strictly|prefer|reject) (.+)|(.+)")


def replay(package: Package, services: Mapping[str, Sequence[Requirement]], places: Sequence[str]) -> str:
    """A shell command that writes the build and asks it for one module's version."""
    names = project_names(services)
    settings = [f"include({', '.join(map(quoted, names.values()))})"]
    files = {"settings.gradle": settings, "build.gradle": build(services, places)}
    written = (f"printf '%s\\n' {shlex.join(lines)} > {FOLDER}/{name}" for name, lines in files.items())
    asked = f"--dependency={package.namespace}:{package.name}"
    question = ["gradle", "-p", FOLDER, "dependencyInsight", "--configuration=runtimeClasspath", asked]
    return " && ".join([f"mkdir -p -- {FOLDER}", *written, shlex.join(question)])


def project_names(services: Mapping[str, Sequence[Requirement]]) -> Mapping[str, str]:
    """A name for the project of each service, of letters, digits and hyphens."""
    found: dict[str, str] = {}
    for number, service in enumerate(services, 1):
        name = re.sub(r"[^A-Za-z0-9]+", "-", service).strip("-")[:60]
        found[service] = name if name and name not in found.values() else f"service{number}"
    return found


def build(services: Mapping[str, Sequence[Requirement]], places: Sequence[str]) -> list[str]:
    """The lines of a build script with a project for each service, and a root that depends on all of them."""
    known = [f"maven {{ url = uri({quoted(without_credentials(place))}) }}" for place in places]
    lines = ['allprojects { apply plugin: "java"', f"repositories {{ {'; '.join(known or ['mavenLocal()'])} }} }}"]
    names = project_names(services)
    lines += [f'dependencies {{ implementation project(":{name}") }}' for name in names.values()]
    for service, name in names.items():
        lines += [f'project(":{name}") {{', *project(services[service]), "}"]
    return lines


def project(requirements: Sequence[Requirement]) -> list[str]:
    """The lines of a project that asks for some Requirements; what a lock fixes is required."""
    forced = [r for r in requirements if r.force is Force.OVERRIDES and PLATFORM not in r.extras]
    bound = [r for r in requirements if r.force is Force.LIMITS and PLATFORM not in r.extras]
    needed = [r for r in requirements if r not in forced and r not in bound]
    lines = ["dependencies {", *chain.from_iterable(map(_dependency, needed))]
    if bound:
        lines += ["constraints {", *chain.from_iterable(map(_dependency, bound)), "}"]
    lines.append("}")
    if forced:
        notations = ", ".join(quoted(f"{_name(r)}:{r.constraint}") for r in forced)
        lines.append(f"configurations.all {{ resolutionStrategy {{ force {notations} }} }}")
    return lines


def quoted(text: str) -> str:
    """A text in a Groovy script."""
    plain = re.sub(r"[\x00-\x1f\x7f]", "?", text)
    return '"' + re.sub(r'([\\"$])', r"\\\1", plain) + '"'


def _name(requirement: Requirement) -> str:
    return f"{requirement.package.namespace}:{requirement.package.name}"


def _dependency(requirement: Requirement) -> Iterator[str]:
    pin = rich_version(requirement.constraint).pin
    plain = pin or requirement.constraint
    rich = ";" in plain or plain.startswith(("strictly ", "prefer ", "reject "))
    notation = quoted(":".join(part for part in (_name(requirement), "" if rich else plain) if part))
    if PLATFORM in requirement.extras:
        kind = "enforcedPlatform" if requirement.force is Force.OVERRIDES else PLATFORM
        yield f"implementation {kind}({notation})"
        return
    details = [*_version(plain if rich else ""), *([] if pin else _exclusions(requirement))]
    if not details:
        yield f"implementation {notation}"
        return
    yield from (f"implementation({notation}) {{", *details, "}")


def _version(constraint: str) -> Iterator[str]:
    terms = [_TERM.fullmatch(term.strip()) for term in constraint.split(";") if term.strip()]
    if terms:
        yield "version {"
        yield from (f"{term[1] or 'require'} {quoted(term[2] or term[3])}" for term in terms if term)
        yield "}"


def _exclusions(requirement: Requirement) -> Iterator[str]:
    for text in requirement.extras:
        if text.startswith("exclude "):
            left_out = exclusion(text)
            parts = {"group": left_out.group, "module": left_out.name}
            yield "exclude " + ", ".join(f"{key}: {quoted(value)}" for key, value in parts.items() if value)
