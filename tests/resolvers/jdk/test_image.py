from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.jdk.image import image_jdk
from tests.hostile import EXAMPLES


@pytest.mark.parametrize(
    ("text", "release"),
    [
        ("eclipse-temurin:17-jre", 17),
        ("eclipse-temurin:21.0.2_13-jdk-jammy", 21),
        ("eclipse-temurin:8u392-b08-jre", 8),
        ("docker.io/library/eclipse-temurin:11", 11),
        ("openjdk:8-jre-alpine", 8),
        ("openjdk:17.0.2-slim-buster", 17),
        ("openjdk:1.8", 8),
        ("amazoncorretto:17-al2023-headless", 17),
        ("public.ecr.aws/amazoncorretto/amazoncorretto:21", 21),
        ("azul/zulu-openjdk:11.0.22", 11),
        ("azul/zulu-openjdk-alpine:17-jre-headless", 17),
        ("ibm-semeru-runtimes:open-17-jre", 17),
        ("bellsoft/liberica-openjdk-debian:21", 21),
        ("bellsoft/liberica-openjre-alpine-musl:17", 17),
        ("bellsoft/liberica-runtime-container:jre-17-slim-musl", 17),
        ("sapmachine:21-jre-ubuntu", 21),
        ("gcr.io/distroless/java17-debian12", 17),
        ("gcr.io/distroless/java17-debian12:nonroot", 17),
        ("gcr.io/distroless/java:11", 11),
        ("gcr.io/distroless/java-debian10:11-debug", 11),
        ("mcr.microsoft.com/openjdk/jdk:17-ubuntu", 17),
        ("ghcr.io/graalvm/jdk-community:21", 21),
        ("ghcr.io/graalvm/graalvm-ce:ol8-java17-22.3.3", 17),
        ("container-registry.oracle.com/java/openjdk:21-oraclelinux8", 21),
        ("registry.access.redhat.com/ubi8/openjdk-17-runtime:1.18", 17),
        ("cgr.dev/chainguard/jre:openjdk-17", 17),
        ("adoptopenjdk/openjdk11:jre-11.0.9_11-alpine", 11),
        ("adoptopenjdk:11-jre-hotspot", 11),
        ("gradle:8-jdk21", 21),
        ("gradle:7.6.1-jdk11-alpine", 11),
        ("maven:3.9.6-eclipse-temurin-21-alpine", 21),
        ("maven:3-jdk-8", 8),
        ("maven:3.8-openjdk-11-slim", 11),
        ("tomcat:9.0.80-jdk17-temurin-jammy", 17),
        ("tomcat:9-jre11", 11),
        ("jetty:12-jdk21", 21),
        ("quay.io/wildfly/wildfly:30.0.0.Final-jdk17", 17),
        ("icr.io/appcafe/open-liberty:full-java17-openj9-ubi", 17),
        ("openjdk:latest", None),
        ("openjdk", None),
        ("gradle:8", None),
        ("maven:3.9", None),
        ("tomcat:9", None),
        ("python:3.11", None),
        ("registry.example/team/java17:1", None),
        ("debian:12", None),
        ("not an image", None),
    ],
)
def test_the_name_and_the_tag_tell_the_jdk(text: str, release: int | None) -> None:
    assert image_jdk(text) == release


@settings(max_examples=EXAMPLES)
@given(tag=st.text(alphabet="0123456789jdkre.-_:/@open", max_size=30))
def test_any_tag_has_one_or_none(tag: str) -> None:
    found = image_jdk(f"openjdk:{tag}")
    assert found is None or 0 <= found < 100
