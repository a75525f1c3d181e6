"""A Report as one self-contained HTML page: no network, useful with scripts off."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from analyzer.report import Report
from reports.html.text import exact, shown
from reports.html.view import view

__all__ = ["render_html"]

STYLES = ("style.css", "matrix.css", "graph.css")
SCRIPTS = ("lines.js", "page.js", "matrix.js", "cytoscape.min.js", "graph.js")


def render_html(report: Report) -> str:
    """The page, to be written as UTF-8. Deterministic: the same Report gives the same text.

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
