"""Source distributions: when their own metadata is as good as a build's (PEP 643)."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.errors import ManifestError
from resolvers.pip.environments.static_sdist import static_metadata

GOOD = "Metadata-Version: 2.2\nName: My.Lib\nVersion: 1.0\nRequires-Dist: b>=1\nRequires-Python: >=3.9\n"


def tarred(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text.encode()))
    return buffer.getvalue()


def zipped(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def sdist(text: str, **more: str) -> bytes:
    return tarred({"my_lib-1.0/PKG-INFO": text, "my_lib-1.0/setup.py": "raise SystemExit", **more})


STATIC = {
    "2.2": GOOD,
    "2.4": GOOD.replace("2.2", "2.4"),
    "3.0": GOOD.replace("2.2", "3.0"),
    "another field is dynamic": f"{GOOD}Dynamic: Description\nDynamic: License-File\n",
}
NOT_STATIC = {
    "2.1": GOOD.replace("2.2", "2.1"),
    "no standard": GOOD.partition("\n")[2],
    "junk for a standard": GOOD.replace("2.2", "two"),
    "a standard of 5000 digits": GOOD.replace("2.2", "2." + "2" * 5000),
    "requirements": f"{GOOD}Dynamic: Requires-Dist\n",
    "interpreter": f"{GOOD}Dynamic: requires-python\n",
    "extras": f"{GOOD}Dynamic: Summary\nDynamic: PROVIDES-EXTRA\n",
    "a bad requirement": f"{GOOD}Requires-Dist: (\n",
    "another name": GOOD.replace("My.Lib", "other"),
    "another version": GOOD.replace("1.0", "2.0"),
}


@pytest.mark.parametrize("text", STATIC.values(), ids=STATIC)
def test_static(text: str, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(sdist(text))
    for content in (sdist(text), zipped({"my_lib-1.0/PKG-INFO": text}), tmp_path / "x"):
        name = "my_lib-1.0.zip" if content == zipped({"my_lib-1.0/PKG-INFO": text}) else "my_lib-1.0.tar.gz"
        metadata = static_metadata(content, name)
        assert metadata is not None
        assert (metadata.name, metadata.version) == ("my-lib", "1.0")
        assert [str(each.dependency) for each in metadata.requires] == ["b>=1"]
        assert str(metadata.origin) == f"{name}!my_lib-1.0/PKG-INFO:3"


@pytest.mark.parametrize("text", NOT_STATIC.values(), ids=NOT_STATIC)
def test_not_static(text: str) -> None:
    assert static_metadata(sdist(text), "my_lib-1.0.tar.gz") is None


def test_only_the_one_pkg_info_at_the_top_counts() -> None:
    inside = tarred({"my_lib-1.0/src/my_lib.egg-info/PKG-INFO": GOOD})
    assert static_metadata(inside, "my_lib-1.0.tar.gz") is None
    assert static_metadata(sdist(GOOD, **{"other-1.0/PKG-INFO": GOOD}), "my_lib-1.0.tar.gz") is None
    assert (
        static_metadata(tarred({"my_lib-1.0/PKG-INFO": "x", "my_lib-1.0//PKG-INFO": GOOD}), "my_lib-1.0.tar.gz") is None
    )


@pytest.mark.parametrize(
    "name", ("my_lib-1.0.whl", "my_lib.tar.gz", "my_lib-one.tar.gz", "1" * 5000, "a-" + "1" * 240 + ".zip", "")
)
def test_a_name_that_is_no_source_distribution_s(name: str) -> None:
    assert static_metadata(sdist(GOOD), name) is None


def test_what_cannot_be_read(tmp_path: Path) -> None:
    for content in (b"", sdist(GOOD)[:50], b"text", sdist("no headers"), tmp_path / "absent", tmp_path):
        if content == b"":
            assert static_metadata(content, "my_lib-1.0.tar.gz") is None
            continue
        with pytest.raises(ManifestError):
            static_metadata(content, "my_lib-1.0.tar.gz")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_mutated_distribution_raises_nothing_else(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from((sdist(GOOD), zipped({"my_lib-1.0/PKG-INFO": GOOD})))))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        metadata = static_metadata(bytes(content), "my_lib-1.0.tar.gz")
    except ManifestError as error:
        assert error.reason
    else:
        assert metadata is None or metadata.name == "my-lib"
