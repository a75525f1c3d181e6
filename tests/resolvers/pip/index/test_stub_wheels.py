"""Which releases need a stub wheel, and what it may say."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import parse_wheel_filename

from analyzer.service import Platform
from resolvers.answer_cache import AnswerCache
from resolvers.download import DownloadError
from resolvers.pip.environments.core_metadata import read_core_metadata
from resolvers.pip.index.release import cutoff
from resolvers.pip.index.release_metadata import FILES
from resolvers.pip.index.simple_index import SimpleIndex
from resolvers.pip.index.simple_page import IndexFile, index_file
from resolvers.pip.index.stub_wheels import NEWEST, StubWheels, stub_wheel
from resolvers.pip.uv.command import Index
from tests.local_index import Distribution, build_index

TARGET = Platform("3.12")
ELSEWHERE = ("cp312-cp312-win_amd64",)
SILENT = "its sdist says nothing static about dependencies"


@dataclass
class Listed(SimpleIndex):
    """An index of the files given, with their contents by file name; ``asked`` holds what was read."""

    listed: tuple[IndexFile, ...] = ()
    contents: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def files(self, package: str) -> tuple[tuple[IndexFile, ...], tuple[IndexFile, ...]]:
        self.asked.append(package)
        return self.listed, ()

    def metadata(self, file: IndexFile) -> bytes:
        return self._give(f"{file.filename}.metadata")

    def content(self, file: IndexFile, limit: int) -> bytes:
        return self._give(file.filename)

    def _give(self, name: str) -> bytes:
        self.asked.append(name)
        if name not in self.contents:
            raise DownloadError("the index answers with status 500")
        return self.contents[name]


def listed(distributions: Iterable[Distribution], exclude_newer: str = "", **more: object) -> Listed:
    contents = {name: data for d in distributions for name, data in d.files().items()}
    files = (index_file(name, f"https://files.example/{name}", **more) for name in contents)
    return Listed(Index(exclude_newer=exclude_newer), listed=tuple(f for f in files if f), contents=contents)


def stubs(index: SimpleIndex, folder: Path, cache: Path | None = None) -> StubWheels:
    return StubWheels(index, folder, AnswerCache(cache))


def metadata_in(folder: Path | None) -> dict[str, list[str]]:
    """What each stub requires, by its version."""
    found = {}
    for wheel in folder.iterdir() if folder else ():
        with zipfile.ZipFile(wheel) as archive:
            [name] = [n for n in archive.namelist() if n.endswith("/METADATA")]
            metadata = read_core_metadata(archive.read(name), wheel.name)
        _, version, _, _ = parse_wheel_filename(wheel.name)
        assert str(version) == metadata.version
        found[metadata.version] = [str(each.dependency) for each in metadata.requires]
    return found


RELEASES = {
    "a wheel for all": (Distribution("a", "1", ("b",), sdist=True), {}, {}),
    "a wheel elsewhere, and nothing to build": (Distribution("a", "1", ("b",), tags=ELSEWHERE), {}, {}),
    "a wheel elsewhere": (Distribution("a", "1", ("b",), tags=ELSEWHERE, sdist=True, dynamic=True), {"1": ["b"]}, {}),
    "static": (Distribution("a", "1", ("b",), tags=(), sdist=True), {"1": ["b"]}, {}),
    "dynamic": (Distribution("a", "1", ("b",), tags=(), sdist=True, dynamic=True), {}, {"1": SILENT}),
    "yanked": (Distribution("a", "1", tags=(), sdist=True, yanked=True), {}, {}),
    "for another Python": (Distribution("a", "1", requires_python=">=3.13", tags=(), sdist=True), {}, {}),
    "for this Python": (Distribution("a", "1", requires_python=">=3.12.4", tags=(), sdist=True), {"1": []}, {}),
    "an epoch and a local part": (Distribution("a", "1!2.0rc1+x.1", tags=(), sdist=True), {"1!2.0rc1+x.1": []}, {}),
}  # fmt: skip


@pytest.mark.parametrize(("distribution", "known", "opaque"), RELEASES.values(), ids=RELEASES)
def test_what_a_release_says(
    tmp_path: Path, distribution: Distribution, known: dict[str, list[str]], opaque: dict[str, str]
) -> None:
    root = build_index(tmp_path / "index", [distribution])
    made = stubs(SimpleIndex(Index(root.as_uri())), tmp_path / "stubs").of("a", TARGET)
    assert made is not None
    assert (made.known, made.opaque) == (set(known), opaque)
    assert metadata_in(made.folder) == known
    assert metadata_in(made.optimistic) == {version: [] for version in opaque}


def test_a_yanked_release_counts_where_it_is_pinned(tmp_path: Path) -> None:
    root = build_index(tmp_path / "index", [Distribution("a", "1.0", tags=(), sdist=True, yanked=True)])
    wheels = stubs(SimpleIndex(Index(root.as_uri())), tmp_path / "stubs")
    for constraint, known in (("==1", {"1.0"}), ("==1.*", set()), (">=1", set())):
        made = wheels.of("a", TARGET, constraint)
        assert made is not None and made.known == known


def test_a_wheel_that_may_not_fit_gets_an_optimistic_stub(tmp_path: Path) -> None:
    root = build_index(
        tmp_path / "index", [Distribution("a", "1", tags=("cp312-cp312-manylinux_2_17_x86_64",), sdist=True)]
    )
    made = stubs(SimpleIndex(Index(root.as_uri())), tmp_path / "stubs").of("a", TARGET)
    assert made is not None and not made.known and set(made.opaque) == {"1"}


def test_what_was_uploaded_later_does_not_count(tmp_path: Path) -> None:
    day = datetime(2024, 5, 1, 12, tzinfo=UTC)
    source = Distribution("a", "1", tags=(), sdist=True)
    for exclude_newer, known in (
        ("2024-05-01T12:00:00Z", set()),
        ("2024-05-01T12:00:01Z", {"1"}),
        ("2024-05-02", {"1"}),
    ):
        made = stubs(listed([source], exclude_newer, upload_time=day), tmp_path).of("a", TARGET)
        assert made is not None and made.known == known
    undated = stubs(listed([source], "2024-05-02"), tmp_path).of("a", TARGET)
    assert undated is not None and not undated.known


CUTOFFS = {
    "": None,
    "2024-05-01T10:00:00+02:00": datetime(2024, 5, 1, 8, tzinfo=UTC),
    "2024-05-01": datetime(2024, 5, 2).astimezone(),
    "2024-05-01 10:00:00": datetime(2024, 5, 2).astimezone(),
}


@pytest.mark.parametrize(("text", "moment"), CUTOFFS.items())
def test_the_cutoff_as_uv_takes_it(text: str, moment: datetime | None) -> None:
    assert cutoff(text) == moment


@given(st.text() | st.sampled_from(["3 days", "P3D", "9999-12-31", "0001-01-01", "0001-01-01T00:00:00+23:00"]))
def test_a_cutoff_that_is_none_is_a_value_error(text: str) -> None:
    try:
        assert cutoff(text) is None or text
    except ValueError:
        return


LIES = {
    "another name": (b"Metadata-Version: 2.1\nName: b\nVersion: 1\n", "another release"),
    "another version": (b"Metadata-Version: 2.1\nName: a\nVersion: 2\n", "another release"),
    "no metadata": (b"\xff\0", "cannot be read"),
    "a version of 5000 digits": (b"Name: a\nVersion: " + b"1" * 5000, "cannot be read"),
    "no requirement": (b"Name: a\nVersion: 1\nRequires-Dist: (\n", "cannot be read"),
    "no Python": (b"Name: a\nVersion: 1\nRequires-Python: snake\n", "cannot be read"),
}


@pytest.mark.parametrize(("metadata", "reason"), LIES.values(), ids=LIES)
def test_metadata_that_lies_is_opaque(tmp_path: Path, metadata: bytes, reason: str) -> None:
    index = listed([Distribution("a", "1", tags=ELSEWHERE, sdist=True)], has_metadata=True)
    index.contents[f"a-1-{ELSEWHERE[0]}.whl.metadata"] = metadata
    made = stubs(index, tmp_path).of("a", TARGET)
    assert made is not None and not made.known and reason in made.opaque["1"]


@pytest.mark.parametrize("content", [b"", b"PK\3\4", b"\x1f\x8b" + b"\0" * 50])
@pytest.mark.parametrize("tags", [ELSEWHERE, ()])
def test_a_file_that_is_damaged_is_opaque(tmp_path: Path, content: bytes, tags: tuple[str, ...]) -> None:
    index = listed([Distribution("a", "1", tags=tags, sdist=True)])
    index.contents = dict.fromkeys(index.contents, content)
    made = stubs(index, tmp_path).of("a", TARGET)
    assert made is not None and set(made.opaque) == {"1"}


def test_requirements_reach_the_stub_without_secrets(tmp_path: Path) -> None:
    root = build_index(tmp_path / "index", [
        Distribution("a", "1", ("b[x]>=1 ; extra == 'y'", "c @ https://me:s3cret@index.example/c.whl?t=s3cret"),
                     tags=(), sdist=True)
    ])  # fmt: skip
    made = stubs(SimpleIndex(Index(root.as_uri())), tmp_path / "stubs", tmp_path / "cache").of("a", TARGET)
    assert made is not None and made.folder
    [[first, second]] = metadata_in(made.folder).values()
    assert first == 'b[x]>=1; extra == "y"' and "s3cret" not in second


def many(count: int, **more: object) -> list[Distribution]:
    return [Distribution("a", f"{n}", tags=(), sdist=True, **more) for n in range(1, count + 1)]  # type: ignore[arg-type]


def test_only_the_newest_are_looked_at_and_the_rest_stays_possible(tmp_path: Path) -> None:
    root = build_index(tmp_path / "index", many(NEWEST + 5))
    made = stubs(SimpleIndex(Index(root.as_uri())), tmp_path / "stubs").of("a", TARGET)
    assert made is not None
    assert set(made.opaque) == {"1", "2", "3", "4", "5"} and len(made.known) == NEWEST


def test_what_the_demands_admit_is_looked_at_first(tmp_path: Path) -> None:
    root = build_index(tmp_path / "index", many(NEWEST + 5))
    made = stubs(SimpleIndex(Index(root.as_uri())), tmp_path / "stubs").of("a", TARGET, "==2")
    assert made is not None
    assert made.known == {"2"} and len(made.opaque) == NEWEST + 4


def test_few_files_are_downloaded(tmp_path: Path) -> None:
    index = listed(many(FILES + 2))
    made = stubs(index, tmp_path).of("a", TARGET)
    assert made is not None
    assert len(index.asked) == 1 + FILES and set(made.opaque) == {"1", "2"}


def test_too_many_releases_are_none(tmp_path: Path) -> None:
    template = index_file("a-1.tar.gz", "https://files.example/a-1.tar.gz")
    assert template
    files = (index_file(f"a-{n}.tar.gz", template.url) for n in range(5001))
    index = Listed(Index(), listed=tuple(file for file in files if file))
    assert stubs(index, tmp_path).of("a", TARGET) is None


def test_what_was_learned_for_a_day_is_kept_and_failures_are_not(tmp_path: Path) -> None:
    day = datetime(2024, 5, 1, tzinfo=UTC)
    index = listed(many(2), "2024-06-01", upload_time=day)
    kept = index.contents.pop("a-2.tar.gz")
    first = stubs(index, tmp_path / "stubs", tmp_path / "cache").of("a", TARGET)
    assert first is not None and "status 500" in first.opaque["2"]
    index.contents["a-2.tar.gz"] = kept
    second = stubs(index, tmp_path / "stubs", tmp_path / "cache").of("a", TARGET)
    assert second is not None and second.known == {"1", "2"}
    index.asked.clear()
    assert stubs(index, tmp_path / "stubs", tmp_path / "cache").of("a", TARGET) == second
    assert not index.asked
    assert stubs(index, tmp_path / "stubs", tmp_path / "cache").of("a", Platform("3.11")) == second
    assert index.asked


def test_a_cache_of_other_forms_is_no_cache(tmp_path: Path) -> None:
    index = listed(many(1), "2024-06-01", upload_time=datetime(2024, 5, 1, tzinfo=UTC))
    for answer in ([], {"known": []}, {"known": {"1": 7}, "opaque": {}}, {"known": {"../x": ""}, "opaque": {}}):
        cache = AnswerCache(tmp_path / "cache")
        wheels = StubWheels(index, tmp_path / "stubs", cache)
        question = wheels._question("a", TARGET, "", cutoff("2024-06-01"))
        cache.put(question, answer)
        made = wheels.of("a", TARGET)
        assert made is not None and made.known == {"1"}


def test_an_index_or_a_folder_that_cannot_be_used_gives_nothing(tmp_path: Path) -> None:
    root = build_index(tmp_path / "index", many(1))
    (tmp_path / "file").write_text("")
    assert stubs(SimpleIndex(Index(root.as_uri())), tmp_path / "file").of("a", TARGET) is None
    assert stubs(SimpleIndex(Index("https://index.example", offline=True)), tmp_path).of("a", TARGET) is None
    assert stubs(SimpleIndex(Index(root.as_uri(), exclude_newer="3 days")), tmp_path).of("a", TARGET) is None


def test_processes_that_race_leave_whole_folders(tmp_path: Path) -> None:
    root = build_index(tmp_path / "index", many(10))
    results: list[object] = []
    makers = [
        threading.Thread(
            target=lambda: results.append(stubs(SimpleIndex(Index(root.as_uri())), tmp_path / "s").of("a", TARGET))
        )
        for _ in range(6)
    ]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join(30)
    assert len(results) == 6 and all(result == results[0] and result for result in results)
    assert not list((tmp_path / "s").rglob("draft-*"))


def test_stub_wheels_are_the_same_bytes_each_time() -> None:
    name, content = stub_wheel("a-b", "1.0", "Metadata-Version: 2.1\nName: a-b\nVersion: 1.0\n")
    assert (name, content) == stub_wheel("a-b", "1.0", "Metadata-Version: 2.1\nName: a-b\nVersion: 1.0\n")
    assert name == "a_b-1.0-py3-none-any.whl"
    assert zipfile.ZipFile(io.BytesIO(content)).namelist() == [
        f"a_b-1.0.dist-info/{part}" for part in ("METADATA", "WHEEL", "RECORD")
    ]
