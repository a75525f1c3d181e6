"""PHP, Ruby, .NET and Deno, and languages that are only named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.bundled.composer_gather import ComposerGatherer
from resolvers.bundled.deno_gather import DenoGatherer
from resolvers.bundled.gem_gather import GemGatherer
from resolvers.bundled.nuget_gather import NugetGatherer
from resolvers.bundled.unread_gather import UnreadGatherer
from resolvers.discovery import discover
from resolvers.registry import gatherers
from resolvers.seam import Gatherer, Wish
from resolvers.tree import Tree
from tests.hostile import EXAMPLES
from tests.resolvers.bundled.test_bundled_sets import Files, laid_out, locked, only_set, required, spoilt

COMPOSER, GEM, NUGET, DENO = ComposerGatherer(), GemGatherer(), NugetGatherer(), DenoGatherer()

COMPOSER_JSON = """{
  "require": {
    "php": ">=8.1", "ext-pdo": "*",
    "Monolog/Monolog": "^3.0 || 2.*"
  },
  "require-dev": {"phpunit/phpunit": "^10"}
}"""
COMPOSER_LOCK = """{"packages": [
  {"name": "monolog/monolog", "version": "3.5.0", "dist": {"type": "zip", "url": "https://index.example/m.zip"}},
  {"name": "acme/own", "version": "dev-main",
   "source": {"type": "git", "url": "https://user:secret@git.example/own.git", "reference": "abc123"}}
], "packages-dev": [{"name": "phpunit/phpunit", "version": "10.0.0"}]}"""
GEMFILE = """source "https://index.example"
ruby "3.3.0"
gem "rails", "~> 7.1", ">= 7.1.2"
gem 'pg' # the database
gem "geo", git: "https://git.example/geo.git", tag: "v1"
gem("puma", ">= 5", require: false)
group :development, :test do
  if ENV["X"]
    gem "rspec"
  end
  gem "rack"
end
gem "rubocop", "1.0", group: [:development], require: false
gem "rack", ">= 3"
gem name, "1"
"""
GEM_LOCK = """GIT
  remote: https://user:secret@git.example/geo.git
  revision: abc123
  tag: v1
  specs:
    geo (1.0)
      rack (>= 2)

PATH
  remote: .
  specs:
    own (0.1.0)

GEM
  remote: https://index.example/
  specs:
    pg (1.5.4-x86_64-linux)
    pg (1.5.4)
    puma (6.4.0)
      nio4r (~> 2.0)
    nio4r (2.7.0)
    rack (3.0.8)
    rails (7.1.2)
    rspec (3.12.0)
      diff-lcs (>= 1.2.0, < 2.0)
    diff-lcs (1.5.0)
    rubocop (1.0.0)

PLATFORMS
  ruby

DEPENDENCIES
  geo!
  own!
  pg
  puma (>= 5)
  rack (>= 3)
  rails (~> 7.1, >= 7.1.2)
  rspec
  rubocop (= 1.0)

BUNDLED WITH
   2.5.0
"""
CSPROJ = """\ufeff<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup><GrpcVersion>2.60.0</GrpcVersion></PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Grpc.AspNetCore" Version="$(GrpcVersion)" />
    <PackageReference Include="Npgsql">
      <Version>[8.0,9.0)</Version>
    </PackageReference>
    <PackageReference Include="serilog" />
    <PackageReference Include="StyleCop" Version="1.0"><PrivateAssets>all</PrivateAssets></PackageReference>
  </ItemGroup>
</Project>
"""
CENTRAL = """<Project><PropertyGroup><S>3.1.1</S></PropertyGroup><ItemGroup>
<PackageVersion Include="Serilog" Version="$(S)"/><PackageVersion Include="Unused" Version="1"/>
</ItemGroup></Project>"""
TEST_PROJECT = (
    '<Project><ItemGroup><PackageReference Include="Microsoft.NET.Test.Sdk" Version="17"/></ItemGroup></Project>'
)
NUGET_LOCK = {
    "version": 1,
    "dependencies": {
        "net8.0": {
            "Npgsql": {"type": "Direct", "requested": "[8.0, 9.0)", "resolved": "8.0.1", "contentHash": "x"},
            "System.Text.Json": {"type": "Transitive", "resolved": "8.0.0"},
            "own": {"type": "Project", "dependencies": {"Npgsql": "[8.0.1, )"}},
        },
        "net8.0/linux-x64": {"runtime.native": {"type": "Transitive", "resolved": "4.3.0"}},
    },
}
DENO_JSON = """{
  // imports
  "imports": {
    "@std/path": "jsr:@std/path@^1.0.0",
    "chalk": "npm:chalk@5", "x": "npm:@s/x", "own": "./mod.ts", "far": "https://index.example/mod.ts",
  },
}"""
DENO_3 = {"version": "3", "packages": {"npm": {"chalk@5.3.0": {"integrity": "x"}}, "jsr": {"@std/path@1.0.2": {}}}}
DENO_4 = {"version": "4", "jsr": {"@std/path@1.0.2": {}}, "npm": {"@s/x@1.0.0_react@18.0.0": {}, "odd": {}}}

CASES: list[tuple[str, Gatherer, Files, str, list[str], list[str] | None]] = [
    (
        "Composer",
        COMPOSER,
        {"composer.json": COMPOSER_JSON, "composer.lock": COMPOSER_LOCK},
        "",
        ["monolog ^3.0 || 2.* 4"],
        ["monolog==3.5.0 composer.lock:2", "own==dev-main composer.lock:3"],
    ),
    ("Composer without anything", COMPOSER, {"composer.json": '{"require": []}'}, "", [], None),
    (
        "Bundler",
        GEM,
        {"Gemfile": GEMFILE, "Gemfile.lock": GEM_LOCK},
        "",
        ["rails ~> 7.1, >= 7.1.2 3", "pg 4", "geo 5", "puma >= 5 6", "rack >= 3 14"],
        [
            "geo==1.0 Gemfile.lock:6",
            "nio4r==2.7.0 Gemfile.lock:21",
            "pg==1.5.4 Gemfile.lock:17",
            "puma==6.4.0 Gemfile.lock:19",
            "rack==3.0.8 Gemfile.lock:22",
            "rails==7.1.2 Gemfile.lock:23",
        ],
    ),
    (
        "NuGet",
        NUGET,
        {"Directory.Packages.props": CENTRAL, "a/A.csproj": CSPROJ, "a/packages.lock.json": json.dumps(NUGET_LOCK)},
        "a",
        ["Grpc.AspNetCore 2.60.0 4", "Npgsql [8.0,9.0) 5", "serilog 3.1.1 2"],
        [
            "Npgsql==8.0.1 a/packages.lock.json:1",
            "System.Text.Json==8.0.0 a/packages.lock.json:1",
            "runtime.native==4.3.0 a/packages.lock.json:1",
        ],
    ),
    (
        "Deno, version 3 of the lock",
        DENO,
        {"deno.jsonc": DENO_JSON, "deno.lock": json.dumps(DENO_3, indent=1)},
        "",
        ["std__path ^1.0.0 4", "chalk 5 5", "x 5"],
        ["chalk==5.3.0 deno.lock:5", "std__path==1.0.2 deno.lock:10"],
    ),
    (
        "Deno, version 4",
        DENO,
        {"deno.json": DENO_JSON, "deno.lock": json.dumps(DENO_4)},
        "",
        ["std__path ^1.0.0 4", "chalk 5 5", "x 5"],
        ["std__path==1.0.2 deno.lock:1", "x==1.0.0 deno.lock:1"],
    ),
]


@pytest.mark.parametrize(
    ("gatherer", "files", "directory", "wanted", "pins"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_what_is_required_and_locked(
    tmp_path: Path, gatherer: Gatherer, files: Files, directory: str, wanted: list[str], pins: list[str] | None
) -> None:
    found = gatherer.gather(laid_out(tmp_path, files), directory, Wish())
    group = only_set(found)
    assert required(group) == wanted
    assert sorted(locked(group) or []) == sorted(pins or [])
    assert (group.locked is None) == (pins is None)
    assert "secret" not in repr(found)


@pytest.mark.parametrize(
    ("files", "services"),
    [
        (
            {
                "a/composer.json": COMPOSER_JSON, "b/Gemfile": GEMFILE, "c/C.csproj": CSPROJ, "d/deno.json": "{}",
                "e/mix.exs": "", "e/deps/x/mix.exs": "", "f/deno.lock": "{}", "g/pom.xml": "<project/>",
            },
            ["a", "b", "c", "d", "e", "g"],
        ),
        ({"a/A.csproj": CSPROJ, "a.Tests/A.Tests.csproj": TEST_PROJECT}, ["a"]),
        ({"a/composer.json": '{"require-dev": {"x/y": "1"}}'}, []),
        ({"pom.xml": "<project><packaging>pom</packaging></project>", "a/pom.xml": "<project/>"}, ["a"]),
        ({"a/Manifest.toml": "", "b/Manifest.toml": "", "b/Project.toml": ""}, ["b"]),
    ],
)  # fmt: skip
def test_what_makes_a_service(tmp_path: Path, files: Files, services: list[str]) -> None:
    found = discover(laid_out(tmp_path, files), gatherers())
    assert [item.directory for item in found.found] == services


@pytest.mark.parametrize(
    ("name", "what", "incomplete"),
    [
        ("mix.exs", "Elixir packages", False),
        ("pubspec.yaml", "Dart packages", False),
        ("Package.swift", "Swift packages", False),
        ("app.cabal", "Haskell packages", False),
        ("cpanfile", "Perl modules", True),
        ("pom.xml", "jars of a Maven build", True),
    ],
)
def test_a_language_that_is_not_read_is_named(tmp_path: Path, name: str, what: str, incomplete: bool) -> None:
    (skipped,) = UnreadGatherer().gather(laid_out(tmp_path, {name: ""}), "", Wish()).skipped
    assert (skipped.what, skipped.incomplete, skipped.origin.file) == (what, incomplete, name)
    assert ("private to the service" in skipped.reason) != incomplete


@pytest.mark.parametrize(
    ("files", "incomplete"),
    [
        ({"pom.xml": "<project/>"}, [True]),
        ({"pom.xml": "<plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin>"}, [False]),
        ({"pom.xml": "<project/>", "app.cdx.json": "{}"}, [False]),
        ({"pom.xml": "<project/>", "build.gradle": ""}, []),
        ({"build.sbt": "enablePlugins(JavaAppPackaging)"}, [False]),
    ],
)
def test_jars_are_private_where_a_build_packs_them(tmp_path: Path, files: Files, incomplete: list[bool]) -> None:
    found = UnreadGatherer().gather(laid_out(tmp_path, files), "", Wish()).skipped
    assert [skipped.incomplete for skipped in found] == incomplete


NAMES = (
    "composer.json", "composer.lock", "Gemfile", "Gemfile.lock", "A.csproj", "packages.lock.json", "deno.json",
    "deno.lock", "Directory.Packages.props", "Directory.Build.props",
)  # fmt: skip
SEEDS = (
    COMPOSER_JSON, COMPOSER_LOCK, GEMFILE, GEM_LOCK, CSPROJ, CENTRAL, json.dumps(NUGET_LOCK), DENO_JSON,
    json.dumps(DENO_3), json.dumps(DENO_4), "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "<a>" * 5000, "[" * 100_000,
    "/*" * 5000, '"' * 5000, "group :test do\n" * 5000, "gem 'a'" + ", 'b'" * 5000, "gem" + " " * 5000,
)  # fmt: skip


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), spoilt(SEEDS), min_size=1))
def test_hostile_manifests_only_leave_notes(tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]) -> None:
    root = tmp_path_factory.mktemp("hostile")
    for name, content in files.items():
        (root / name).write_bytes(content)
    for gatherer in (COMPOSER, GEM, NUGET, DENO):
        found = gatherer.gather(Tree(root), "", Wish())
        for group in found.sets:
            assert group.bundled
            for package in (
                *(r.package for r in group.requirements),
                *(p.candidate.package for p in group.locked or ()),
            ):
                assert package.name.isprintable() and ".." not in (package.name, *package.namespace.split("/"))
        assert all(not skipped.incomplete for skipped in found.skipped)
