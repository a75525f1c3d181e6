"""The JDK that a container image brings, by its name and tag.

Known are images whose publishers put the feature release into the name or the tag: the JDK distributions'
own, and those of servers and build tools that offer several. An image that is not known is not guessed.
"""

from __future__ import annotations

import re

from resolvers.container.reference import parse_reference

_DISTRIBUTIONS = re.compile(
    r"library/(?:eclipse-temurin|openjdk|amazoncorretto|ibm-semeru-runtimes|sapmachine|adoptopenjdk|java)"
    r"|adoptopenjdk/openjdk\d+(?:-openj9)?|(?:eclipse-temurin|temurin)/.*|amazoncorretto"
    r"|azul/(?:zulu-openjdk(?:-[a-z]+)*|prime)|bellsoft/liberica-(?:openjdk|openjre|runtime)-[\w-]+"
    r"|(?:public\.ecr\.aws/)?amazoncorretto/amazoncorretto|mcr\.microsoft\.com/openjdk/jdk"
    r"|(?:ghcr\.io|container-registry\.oracle\.com)/graalvm/(?:jdk|jdk-community|graalvm-community|graalvm-ce|graalvm)"
    r"|container-registry\.oracle\.com/java/(?:openjdk|jdk)|cgr\.dev/chainguard/(?:jre|jdk)"
    r"|gcr\.io/distroless/java\d*(?:-debian\d+)?|dragonwell|alibabadragonwell/dragonwell"
)
"""Images of a JDK: what their tag begins with is its version."""
_OFFERING = re.compile(
    r"library/(?:gradle|maven|tomcat|jetty|tomee|groovy|clojure|sbt|open-liberty|websphere-liberty|flink|spark|jruby)"
    r"|sbtscala/scala-sbt|quay\.io/wildfly/wildfly|jboss/wildfly|payara/[\w-]+|icr\.io/appcafe/[\w-]+|apache/[\w-]+"
    r"|(?:registry\.access\.redhat\.com|registry\.redhat\.io)/ubi\d+(?:-minimal)?/openjdk-\d+(?:-runtime)?"
)
"""Images of something else that name the JDK in them: ``maven:3.9-eclipse-temurin-21``, ``tomcat:10-jdk17``."""
_NAMED = re.compile(
    r"(?:^|[^a-z])(?:java|jdk|jre|openjdk|temurin|corretto|zulu|liberica|sapmachine|semeru)-?(?:1\.)?(\d{1,2})(?!\d)"
)
_LEADING = re.compile(r"(?:open-)?(?:1\.)?(\d{1,2})(?=$|[^\d])")
_DEBIANS = re.compile(r"-debian\d+")


def image_jdk(text: str) -> int | None:
    """The feature release of the JDK in an image; None where it has none or the name does not tell."""
    reference = parse_reference(text)
    if reference is None:
        return None
    is_jdk = _DISTRIBUTIONS.fullmatch(reference.name) is not None
    if not is_jdk and _OFFERING.fullmatch(reference.name) is None:
        return None
    tag = reference.tag.lower()
    own = _NAMED.search(tag) or _NAMED.search(_DEBIANS.sub("", reference.name))
    found = own or (_LEADING.match(tag) if is_jdk else None)
    return int(found[1]) if found else None
