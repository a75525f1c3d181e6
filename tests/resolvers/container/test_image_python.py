from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.container.image_python import image_python
from tests.hostile import EXAMPLES


@pytest.mark.parametrize(
    ("text", "python"),
    [
        ("python:3.8-slim", "3.8"),
        ("python:3.8.1-alpine", "3.8"),
        ("python:3.12", "3.12"),
        ("python:3.14.0rc2-slim-bookworm", "3.14"),
        ("docker.io/library/python:3.9-slim-bullseye", "3.9"),
        ("mirror.example/hub/library/python:3.10-bullseye", "3.10"),
        ("bitnami/python:3.11", "3.11"),
        ("public.ecr.aws/lambda/python:3.12", "3.12"),
        ("mcr.microsoft.com/devcontainers/python:1-3.11-bookworm", "3.11"),
        ("tiangolo/uvicorn-gunicorn-fastapi:python3.8-slim", "3.8"),
        ("ghcr.io/astral-sh/uv:python3.12-bookworm-slim", "3.12"),
        ("ghcr.io/astral-sh/uv:0.8-python3.13-alpine", "3.13"),
        ("python", ""),
        ("python:latest", ""),
        ("python:3-slim", ""),
        ("python:2.7", ""),
        ("python:slim-bookworm", ""),
        ("alpine:3.18", ""),
        ("debian:12", ""),
        ("acme/billing:3.11", ""),
        ("not an image", ""),
    ],
)
def test_the_tag_tells_the_version(text: str, python: str) -> None:
    assert image_python(text) == python


@settings(max_examples=EXAMPLES)
@given(st.text())
def test_any_text_is_an_answer(text: str) -> None:
    assert isinstance(image_python(text), str)
