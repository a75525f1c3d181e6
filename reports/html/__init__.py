"""A Report as one self-contained HTML page: no network, useful with scripts off."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from analyzer.gate.judgement import Judgement
from analyzer.report import Report
from reports.html.judgement import Gate, gate
from reports.html.text import exact, shown
from reports.html.view import view

__all__ = ["render_html", "render_judgement_html"]

STYLES = ("style.css", "matrix.css", "graph.css", "judgement.css")
SCRIPTS = ("lines.js", "page.js", "matrix.js", "cytoscape.min.js", "graph.js")


def render_judgement_html(judgement: Judgement) -> str:
    """The page of a Judgement's Report, with what the gate says at its top and at each conflict."""
    return render_html(judgement.report, gate(judgement))


def render_html(report: Report, *gates: Gate) -> str:
    """The page, to be written as UTF-8. Deterministic: the same Report gives the same text. One of ``gates``, if there
    is any, is what the gate says.

    The Content-Security-Policy (CSP Level 3, ``meta``) admits the page's own style and script by
    their hashes, and nothing else.
    """
    # Safe: all are files of this package, without any data.
    style = Markup("".join(map(_asset, STYLES)))  # noqa: S704
    scripts = [Markup(_asset(name)) for name in SCRIPTS]  # noqa: S704
    hashes = " ".join(f"'{_hash(script)}'" for script in scripts)
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src {hashes}; base-uri 'none'; form-action 'none'"
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            page=view(report),
            gates=gates,
            style=style,
            scripts=scripts,
            policy=policy,
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_asset),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["exact"] = exact
    return environment


@cache
def _asset(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
