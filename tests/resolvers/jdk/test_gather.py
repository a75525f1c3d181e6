"""What services ask for and what their images bring, from the folder to the set."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.package import JDK
from analyzer.service import DependencySet
from resolvers.jdk.gather import JdkGatherer
from resolvers.seam import Wish
from resolvers.tree import Tree

BOOT = "plugins { id 'org.springframework.boot' version '3' }\n"
SET_OF = dict[str, str]


def gather(folder: Path, files: SET_OF, directory: str = "") -> DependencySet | None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    found = JdkGatherer().gather(Tree(folder), directory, Wish())
    assert JdkGatherer().manifests(Tree(folder), directory) == () and len(found.sets) < 2
    return found.sets[0] if found.sets else None


def told(group: DependencySet | None) -> tuple[list[str], list[str]]:
    if group is None:
        return [], []
    assert not group.bundled and {r.package for r in group.requirements} <= {JDK}
    return [r.constraint for r in group.requirements], [pin.candidate.version for pin in group.locked or ()]


GROOVY = {
    "java { toolchain { languageVersion = JavaLanguageVersion.of(17) } }": ["==17"],
    "java {\n toolchain {\n languageVersion.set(JavaLanguageVersion.of(21))\n}\n}": ["==21"],
    "java.toolchain.languageVersion = JavaLanguageVersion.of(11)": ["==11"],
    "def v = 17\njava { toolchain { languageVersion = JavaLanguageVersion.of(v) } }": ["==17"],
    "sourceCompatibility = 1.8": [">=8"],
    "sourceCompatibility = '11'": [">=11"],
    "sourceCompatibility 17": [">=17"],
    "sourceCompatibility = JavaVersion.VERSION_17": [">=17"],
    "sourceCompatibility = JavaVersion.VERSION_1_8\ntargetCompatibility = JavaVersion.VERSION_11": [">=11"],
    "java { sourceCompatibility = JavaVersion.toVersion('17') }": [">=17"],
    "java { sourceCompatibility = JavaVersion.toVersion(javaVersion) }": [">=21"],
    "compileJava { options.release = 11 }": [">=11"],
    "compileJava.options.release = 11\nsourceCompatibility = 17": [">=11"],
    "tasks.withType(JavaCompile) { options.release = 17 }": [">=17"],
    "tasks.withType(JavaCompile).configureEach { options.release.set(17) }": [">=17"],
    "compileKotlin { kotlinOptions { jvmTarget = '11' } }": [">=11"],
    "compileKotlin { kotlinOptions.jvmTarget = '1.8' }\ncompileTestKotlin { kotlinOptions.jvmTarget = '17' }": [">=8"],
    "tasks.named('compileTestJava') { options.release = 21 }": [],
    "compileTestJava.options.release = 21": [],
    "kotlin { jvmToolchain(17) }": ["==17"],
    "java { toolchain { languageVersion = JavaLanguageVersion.of(17) } }\ncompileJava.options.release = 21": [
        "==17", ">=21",
    ],
    "java { toolchain { languageVersion = JavaLanguageVersion.of(17) } }\nsourceCompatibility = 11": ["==17"],
    "kotlin { compilerOptions { languageVersion = '1.9' } }": [],
    "allprojects { sourceCompatibility = 11 }": [">=11"],
    "subprojects { sourceCompatibility = 11 }": [],
}  # fmt: skip
KOTLIN = {
    "kotlin { jvmToolchain(17) }": ["==17"],
    "kotlin { jvmToolchain { languageVersion.set(JavaLanguageVersion.of(11)) } }": ["==11"],
    "kotlin.jvmToolchain(17)": ["==17"],
    "java { toolchain { languageVersion.set(JavaLanguageVersion.of(21)) } }": ["==21"],
    "java { toolchain { languageVersion = JavaLanguageVersion.of(libs.versions.java.get().toInt()) } }": ["==19"],
    "java { toolchain { languageVersion = JavaLanguageVersion.of(libs.versions.java.get()) } }": ["==19"],
    "val javaVersion: String by project\njava.toolchain.languageVersion.set(JavaLanguageVersion.of(javaVersion))": [
        "==21"
    ],
    "java.sourceCompatibility = JavaVersion.VERSION_17": [">=17"],
    "configure<JavaPluginExtension> { sourceCompatibility = JavaVersion.VERSION_17 }": [">=17"],
    'tasks.withType<KotlinCompile> { kotlinOptions { jvmTarget = "17" } }': [">=17"],
    'tasks.withType<KotlinCompile> { kotlinOptions.jvmTarget = "1.8" }': [">=8"],
    "kotlin { compilerOptions { jvmTarget.set(JvmTarget.JVM_17) } }": [">=17"],
    "kotlin { compilerOptions { jvmTarget = JvmTarget.JVM_1_8 } }": [">=8"],
    'tasks.compileKotlin { kotlinOptions { jvmTarget = JavaVersion.VERSION_11.toString() } }': [">=11"],
    "tasks.compileJava { options.release.set(17) }": [">=17"],
    "tasks.withType<JavaCompile>().configureEach { options.release = 11 }": [">=11"],
    "tasks.compileTestJava { options.release.set(21) }": [],
}  # fmt: skip
SURROUNDED = {"gradle.properties": "javaVersion=21\n", "gradle/libs.versions.toml": '[versions]\njava = "19"\n'}


@pytest.mark.parametrize(
    ("name", "script", "wanted"),
    [("build.gradle", *case) for case in GROOVY.items()] + [("build.gradle.kts", *case) for case in KOTLIN.items()],
)
def test_a_build_says_which_jdk_it_asks_for(name: str, script: str, wanted: list[str], tmp_path: Path) -> None:
    assert told(gather(tmp_path, {name: script, **SURROUNDED})) == (wanted, [])


@pytest.mark.parametrize(
    "script",
    [
        "sourceCompatibility = nobody",
        "java { toolchain { languageVersion = JavaLanguageVersion.of(System.getenv('J')) } }",
        "if (x) { sourceCompatibility = 17 }",
        "sourceCompatibility = JavaVersion.current()",
    ],
)
def test_a_version_that_is_not_known_is_told_with_its_line(script: str, tmp_path: Path) -> None:
    group = gather(tmp_path, {"build.gradle": script})
    assert group is not None and [why.partition(": ")[0] for why in group.unknown] == ["build.gradle:1"]


@pytest.mark.parametrize(
    ("dockerfile", "locked"),
    [
        ("FROM eclipse-temurin:17-jre\n", ["17"]),
        ("FROM gradle:8-jdk21 AS build\nFROM gcr.io/distroless/java17-debian12\nCOPY --from=build /a /a\n", ["17"]),
        ("ARG V=11\nFROM amazoncorretto:$V\n", ["11"]),
        ("FROM debian:12\nRUN apt-get update && apt-get install -y openjdk-17-jre-headless\n", ["17"]),
        ("FROM debian:12\nRUN apt-get install -y default-jre\n", ["17"]),
        ("FROM ubuntu:22.04\nRUN apt install -y --no-install-recommends default-jdk-headless\n", ["11"]),
        ("FROM fedora:40\nRUN dnf install -y java-17-openjdk-headless\n", ["17"]),
        ("FROM centos:7\nRUN yum -y install java-1.8.0-openjdk\n", ["8"]),
        ("FROM alpine:3.20\nRUN apk add --no-cache openjdk21-jre-headless\n", ["21"]),
        ("FROM python:3.11\nRUN sdk install java 17.0.9-tem\n", ["17"]),
        ("FROM debian:12\nRUN apt-get install -y nginx && apt-get remove openjdk-11-jre\n", []),
        ("FROM openjdk:latest\n", []),
        ("FROM $NOBODY\n", []),
        ("FROM debian:12\nRUN apt-get install -y $JAVA\n", []),
    ],
)
def test_an_image_locks_the_jdk(dockerfile: str, locked: list[str], tmp_path: Path) -> None:
    assert told(gather(tmp_path, {"Dockerfile": dockerfile})) == ([], locked)
    assert told(gather(tmp_path, {"Dockerfile": dockerfile, "build.gradle": "sourceCompatibility = 8"}))[1] == locked


def test_an_image_with_two_jdks_suits_who_wants_either(tmp_path: Path) -> None:
    files = {
        "Dockerfile": "FROM eclipse-temurin:17-jre\nRUN apt-get install -y openjdk-21-jre-headless\n",
        "build.gradle": BOOT + "java.toolchain.languageVersion = JavaLanguageVersion.of(17)",
    }
    group = gather(tmp_path, files)
    assert told(group) == (["==17 or ==21"], []) and group is not None and group.locked is None


@pytest.mark.parametrize("plugin", ["org.graalvm.buildtools.native", "org.beryx.jlink", "org.beryx.runtime"])
def test_a_program_with_its_own_runtime_asks_for_none(plugin: str, tmp_path: Path) -> None:
    script = f"plugins {{ id '{plugin}' version '1' }}\nsourceCompatibility = 21\n"
    assert gather(tmp_path, {"build.gradle": script}) is None
    on_jdk = {"build.gradle": script, "Dockerfile": "FROM eclipse-temurin:21\n"}
    assert told(gather(tmp_path, on_jdk)) == ([">=21"], ["21"])


def test_class_files_of_a_library_are_the_services_too(tmp_path: Path) -> None:
    files = {
        "settings.gradle": "include 'app', 'core', 'base'",
        "build.gradle": "subprojects { sourceCompatibility = 8 }",
        "app/build.gradle": BOOT + "dependencies { implementation project(':core') }",
        "core/build.gradle": "dependencies { api project(':base') }\njava { targetCompatibility = 17 }",
        "base/build.gradle": "java.toolchain.languageVersion = JavaLanguageVersion.of(11)\n",
    }
    assert told(gather(tmp_path, files, "app")) == ([">=8", ">=17"], [])


def test_a_build_that_cannot_be_read_says_nothing(tmp_path: Path) -> None:
    assert gather(tmp_path, {"build.gradle": "a {" * 500}) is None
    assert gather(tmp_path, {"Dockerfile": "RUN true\n"}) is None
