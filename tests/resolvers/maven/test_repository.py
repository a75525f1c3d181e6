"""Places of modules: folders, Gradle's cache, and a server on this machine."""

from __future__ import annotations

import base64
import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.errors import CohabitError, ManifestError
from analyzer.package import Candidate
from resolvers.maven.coordinates import package
from resolvers.maven.module import Module
from resolvers.maven.repository import Unreachable, repositories
from tests.hostile import EXAMPLES
from tests.resolvers.maven.frozen import candidate
from tests.resolvers.maven.written import dependencies, dependency, gav, managed, pom, repository, told, write

APP = candidate("g.h:app:1")
LISTING = (
    "<metadata><versioning><versions><version>1</version><version>../2</version></versions></versioning></metadata>"
)
MARKED = pom(
    "g.h:app:1", "<!-- do_not_remove: published-with-gradle-metadata -->" + dependencies(dependency("g:pom:1"))
)
METADATA = """{"formatVersion": "1.1", "variants": [{"name": "r", "attributes": {"org.gradle.usage": "java-runtime"},
"dependencies": [{"group": "g", "module": "module"}]}]}"""


@dataclass
class Server:
    """A server of files; ``status`` answers everything where it is set."""

    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    status: int = 0
    url: str = ""

    def place(self, login: str = "") -> str:
        return self.url.replace("//", f"//{login}@" if login else "//")


@pytest.fixture
def server() -> Iterator[Server]:
    served = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append((self.path, self.headers.get("Authorization", "")))
            content = served.files.get(self.path)
            self.send_response(served.status or (404 if content is None else 200))
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        served.url = f"http://127.0.0.1:{listening.server_port}/maven"
        yield served
        listening.shutdown()
        thread.join()


def app(*places: object, cache: Path | None = None, offline: bool = False) -> Module | None:
    return repositories(list(map(str, places)), cache, offline).module(APP)


def body(name: str) -> str:
    return pom("g.h:app:1", dependencies(dependency(f"g:{name}:1")))


def test_reads_a_folder(tmp_path: Path) -> None:
    path = write(tmp_path, "g.h:app:1", body("a"))
    (tmp_path / "g/h/app/2").mkdir()
    for place in (tmp_path, tmp_path.as_uri()):
        modules = repositories([str(place)], None, True)
        found = modules.module(APP)
        assert found is not None
        assert (told(found.dependencies), found.origin.file) == (["g:a:1"], str(path))
        assert modules.versions(APP.package) == ("1",)
        assert modules.module(candidate("g.h:app:2")) is None
        assert modules.versions(package("g", "none")) == ()


@pytest.mark.parametrize("above", ["", "files-2.1", "modules-2/files-2.1", "caches/modules-2/files-2.1"])
def test_reads_the_cache_of_gradle(tmp_path: Path, above: str) -> None:
    home = tmp_path / "files-2.1" if not above else tmp_path
    file = home / above / "g.h/app/1" / ("a" * 40) / "app-1.pom"
    file.parent.mkdir(parents=True)
    file.write_text(body("a"))
    modules = repositories([str(home)], None, True)
    found = modules.module(APP)
    assert found is not None
    assert told(found.dependencies) == ["g:a:1"]
    assert modules.versions(APP.package) == ("1",)
    assert modules.module(candidate("g.h:none:1")) is None


def test_the_first_place_wins(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    write(one, "g.h:app:1", pom("g.h:app:1", managed(dependency("g:b:1", "<type>pom</type><scope>import</scope>"))))
    write(two, "g.h:app:1", body("two"))
    write(two, "g:b:1", pom("g:b:1", managed(dependency("g:c:1"))))
    found = app(one, two)
    assert found is not None
    assert told(found.managed) == ["g:c:1"]


def test_a_parent_by_range_is_the_highest_that_there_is(tmp_path: Path) -> None:
    parent = "<parent><groupId>g</groupId><artifactId>above</artifactId><version>[1.0,2.0)</version></parent>"
    write(tmp_path, "g.h:app:1", f"<project>{parent}{gav('g.h:app:1')}</project>")
    for version in ("1.0", "1.10", "1.9", "2.0"):
        write(tmp_path, f"g:above:{version}", pom(f"g:above:{version}", dependencies(dependency(f"g:a:{version}"))))
    found = app(tmp_path)
    assert found is not None
    assert told(found.dependencies) == ["g:a:1.10"]


@pytest.mark.parametrize(
    ("content", "metadata", "expected"),
    [(MARKED, METADATA, ["g:module:"]), (MARKED, None, ["g:pom:1"]), (body("plain"), METADATA, ["g:plain:1"])],
    ids=["marked", "marked, but missing", "not marked"],
)
def test_module_metadata_counts_where_the_pom_says_so(
    tmp_path: Path, content: str, metadata: str | None, expected: list[str]
) -> None:
    write(tmp_path, "g.h:app:1", content)
    if metadata:
        write(tmp_path, "g.h:app:1", metadata, "module")
    found = app(tmp_path)
    assert found is not None
    assert told(found.dependencies) == expected


def test_asks_a_server_once(tmp_path: Path, server: Server) -> None:
    server.files["/maven/g/h/app/1/app-1.pom"] = body("a").encode()
    server.files["/maven/g/h/app/maven-metadata.xml"] = LISTING.encode()
    for _ in range(2):
        modules = repositories([server.place("user:p%40ss")], tmp_path, False)
        found = modules.module(APP)
        assert found is not None
        assert told(found.dependencies) == ["g:a:1"]
        assert found.origin.file == f"{server.url}/g/h/app/1/app-1.pom"
        assert modules.versions(APP.package) == ("1",)
        assert modules.module(candidate("g.h:app:2")) is None
    assert [path for path, _ in server.asked] == [
        "/maven/g/h/app/1/app-1.pom", "/maven/g/h/app/maven-metadata.xml", "/maven/g/h/app/2/app-2.pom",
    ]  # fmt: skip
    assert {login for _, login in server.asked} == {f"Basic {base64.b64encode(b'user:p@ss').decode()}"}
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*.json"))
    assert b"user" not in kept
    assert b"p%40ss" not in kept


def test_what_may_change_is_asked_for_again(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    modules = repositories([server.url], tmp_path, False)
    assert modules.versions(APP.package) == ()
    server.files["/maven/g/h/app/maven-metadata.xml"] = LISTING.encode()
    assert repositories([server.url], tmp_path, False).versions(APP.package) == ()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 25 * 3600)
    assert repositories([server.url], tmp_path, True).versions(APP.package) == ()
    assert repositories([server.url], tmp_path, False).versions(APP.package) == ("1",)


def test_finds_the_file_of_a_snapshot(server: Server) -> None:
    folder = "/maven/g/h/app/1-SNAPSHOT"
    server.files[f"{folder}/maven-metadata.xml"] = (
        b"<metadata><versioning><snapshot><timestamp>20240102.030405</timestamp><buildNumber>7</buildNumber></snapshot>"
        b"</versioning></metadata>"
    )
    server.files[f"{folder}/app-1-20240102.030405-7.pom"] = pom("g.h:app:1-SNAPSHOT").encode()
    assert repositories([server.url], None, False).module(candidate("g.h:app:1-SNAPSHOT")) is not None


def test_nobody_can_tell(tmp_path: Path, server: Server) -> None:
    """A server that fails is no server without the file; another place may still have it."""
    server.status = 503
    place = server.place("user:secret")
    modules = repositories([place], None, False)
    for _ in range(9):
        with pytest.raises(Unreachable) as raised:
            modules.module(APP)
        assert "secret" not in f"{raised.value!r}{modules!r}"
    assert len(server.asked) == 5
    with pytest.raises(Unreachable, match="the network is off"):
        app(place, offline=True)
    with pytest.raises(Unreachable):
        repositories([place, str(tmp_path)], None, True).versions(APP.package)
    write(tmp_path, "g.h:app:1", body("a"))
    assert app(place, tmp_path, offline=True) is not None


@pytest.mark.parametrize(
    "place",
    ["ftp://u:secret@host/x", "http://u:secret@/x", "http://u:secret@host:port/x", "/nowhere?token=secret", "a\0b", "http://[u:secret@",
     "~nobody-of-that-name/x", "file:///nowhere?secret"],
)  # fmt: skip
def test_refuses_what_is_no_place(place: str) -> None:
    with pytest.raises(ManifestError) as raised:
        repositories([place], None, False)
    assert "u:secret" not in str(raised.value)


OUTSIDE = [
    "..:app:1", "g:..:1", "g:app:..", "g:app:../../secret", "g/..:app:1", "/etc:passwd:1", "g..h:app:1", "g:a\0b:1",
    "g:app:1\n2", ":app:1", "g::1", "g:app:", "g:app:1?x", "g:app:1#x", "g:app:%2e%2e", "g:app:" + "9" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("coordinates", OUTSIDE)
def test_nothing_leads_out(tmp_path: Path, server: Server, coordinates: str) -> None:
    inside = tmp_path / "inside"
    write(inside, "g:app:1", body("a"))
    shutil.copytree(inside, tmp_path / "secret")
    modules = repositories([str(inside), server.url], tmp_path / "cache", False)
    group, name, version = coordinates.split(":")
    assert modules.module(Candidate(package(group, name), version)) is None
    if version == "1":
        assert modules.versions(package(group, name)) == ()
    assert server.asked == []


def test_links_do_not_lead_out(tmp_path: Path) -> None:
    write(tmp_path / "outside", "g.h:app:1", body("a"))
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "g").symlink_to(tmp_path / "outside" / "g")
    modules = repositories([str(inside)], None, True)
    assert (modules.module(APP), modules.versions(APP.package)) == (None, ())


@pytest.mark.parametrize("size", [16 * 2**20 + 1])
def test_refuses_large_files(tmp_path: Path, server: Server, size: int) -> None:
    path = write(tmp_path, "g.h:app:1", "")
    path.write_bytes(b" " * size)
    server.files["/maven/g/h/app/1/app-1.pom"] = path.read_bytes()
    for place in (str(tmp_path), server.url):
        with pytest.raises(CohabitError, match="larger than"):
            app(place)


WORDS = st.sampled_from(
    ["g", "a", "b", "1", "2", "", "${x}", "${y}", "${project.version}", "..", "*", "${", "import", "pom", "test"]
)
COORDINATES = st.tuples(*[WORDS] * 3).map(":".join)
ENTRIES = st.lists(
    st.tuples(
        COORDINATES, st.sampled_from(["", "<type>pom</type><scope>import</scope>", "<scope>runtime</scope>"])
    ).map(lambda pair: dependency(*pair)),
    max_size=3,
)


def _body(parts: tuple[str, list[str], list[str], str, str, str]) -> str:
    parent, wanted, limits, x, y, moved = parts
    named = dict(zip(("groupId", "artifactId", "version"), parent.split(":"), strict=True))
    family = "".join(f"<{key}>{value}</{key}>" for key, value in named.items())
    relocation = f"<distributionManagement><relocation><version>{moved}</version></relocation></distributionManagement>"
    return (
        f"<parent>{family}</parent>" * bool(named["groupId"]) + f"<properties><x>{x}</x><y>{y}</y></properties>"
        + dependencies(*wanted) + managed(*limits) + relocation * bool(moved)
    )  # fmt: skip


BODIES = st.tuples(COORDINATES, ENTRIES, ENTRIES, WORDS, WORDS, st.sampled_from(["", "", "1", "2", "${x}"])).map(_body)
REPOSITORIES: st.SearchStrategy[Mapping[str, Any]] = st.dictionaries(
    st.sampled_from(["g:a:1", "g:a:2", "g:b:1", "g:b:2"]), BODIES, max_size=4
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(REPOSITORIES)
def test_any_poms_make_a_module_or_an_error(tmp_path_factory: pytest.TempPathFactory, poms: dict[str, str]) -> None:
    folder = tmp_path_factory.mktemp("poms")
    modules = repository(folder, poms)
    for coordinates in ("g:a:1", "g:a:2", "g:b:1"):
        try:
            module = modules.module(candidate(coordinates))
        except ManifestError as error:
            assert error.origin.file.endswith(".pom")
        else:
            assert (module is not None) == (coordinates in poms)
    shutil.rmtree(folder)
