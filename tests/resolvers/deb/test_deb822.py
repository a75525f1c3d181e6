from __future__ import annotations

import pytest
from debian.deb822 import Deb822
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.errors import ManifestError
from resolvers.deb.deb822 import Field, paragraphs, parts, value
from tests.hostile import EXAMPLES

TEXT = """\
# a comment
Package: a
Depends: b (>= 1),
# c is gone
 d,
\te | f

  \t
Package:b
X-Empty:
"""


def test_paragraphs_and_their_lines() -> None:
    first, second = paragraphs(TEXT, "control")
    assert first == {"package": Field("a", 2), "depends": Field("b (>= 1),\n\nd,\ne | f", 3)}
    assert second == {"package": Field("b", 9), "x-empty": Field("", 10)}
    assert list(parts(first["depends"])) == [("b (>= 1)", 3), ("d", 5), ("e | f", 6)]
    assert value(first, "conflicts") == ""


BROKEN = {
    "no field": ("Package: a\nnonsense\n", "control:2: is neither a field nor the continuation of one"),
    "no name": (": a\n", "control:1: is neither a field nor the continuation of one"),
    "begins with a dash": ("-a: b\n", "control:1: is neither a field nor the continuation of one"),
    "twice": ("A: 1\na: 2\n", "control:2: has the field a twice"),
    "continues nothing": ("\n a\n", "control:2: continues a field that is not there"),
}


@pytest.mark.parametrize(("text", "message"), BROKEN.values(), ids=BROKEN)
def test_broken(text: str, message: str) -> None:
    with pytest.raises(ManifestError) as error:
        list(paragraphs(text, "control"))
    assert str(error.value) == message


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text(alphabet="aB-:#\n\t ,.\r\0\x0b\x85é", max_size=40))
def test_agrees_with_python_debian_on_what_it_reads(text: str) -> None:
    try:
        found = list(paragraphs(text, "control"))
    except ManifestError:
        return
    assert all(field.line > 0 for one in found for field in one.values())
    plain = "\n".join(line.rstrip("\r") for line in text.split("\n"))
    if set(plain) <= set("aB-:\n ,."):
        judged = [
            {k.lower(): " ".join(v.split()) for k, v in one.items()}
            for one in Deb822.iter_paragraphs(plain, use_apt_pkg=False)
        ]
        assert [{k: " ".join(v.value.split()) for k, v in one.items()} for one in found] == [
            one for one in judged if one
        ]
