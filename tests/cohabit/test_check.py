"""``cohabit check`` on a small repository: layouts, baselines, earlier revisions, waivers, formats and exit codes."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from analyzer.errors import CohabitError
from analyzer.gate.past import Known
from cohabit.baseline import read_baseline, write_baseline
from cohabit.command_line import FORMATS, JUDGED_FORMATS, run
from reports.judgement_json import judgement_schema
from tests.hostile import EXAMPLES
from tests.local_index import frozen_index
from tests.resolvers.git.repositories import Made, made

SCHEMA = Path(__file__).parents[2] / "docs" / "judgement.schema.json"
OLD, NEW = "flask<3\n", "flask>=3\n"
FINE, CONFLICTS, UNUSABLE, INCOMPLETE = range(4)


@pytest.fixture
def check(capfdbinary, monkeypatch, tmp_path_factory):
    """Runs the command; its exit code, output and complaints."""
    monkeypatch.setenv("COHABIT_INDEX_URL", frozen_index(built=False).as_uri())
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.setenv("COHABIT_TODAY", "2026-11-22")
    monkeypatch.setenv("COLUMNS", "100")

    def check(*arguments: object) -> tuple[int, str, str]:
        code = run(["check", *map(str, arguments)])
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    return check


@pytest.fixture
def shop(tmp_path) -> Made:
    """A repository with two services that clash, tagged ``clash``."""
    repository = made(tmp_path / "shop")
    (repository.path / "cohabit.toml").write_text('[platform]\npython = "3.12"\n')
    repository.commit(**{"billing__requirements.txt": OLD, "search__requirements.txt": NEW})
    repository.git("tag", "clash")
    return repository


def _configured(shop: Made, text: str) -> None:
    (shop.path / "cohabit.toml").write_text(f'[platform]\npython = "3.12"\n{text}')


def test_one_shared_host_where_no_layout_is_told(check, shop):
    code, out, err = check(shop.path)
    assert code == CONFLICTS and err == ""
    assert "No layout is declared, so that one shared host is assumed" in out
    assert "billing/requirements.txt:1" in out and "search/requirements.txt:1" in out
    assert "fails  1 conflict to resolve · 2 containers needed" in out


LAYOUT = '[[environment]]\nboundary = "container"\nservices = ["billing"]\n' \
         '[[environment]]\nboundary = "container"\nservices = ["search"]\n'  # fmt: skip


def test_a_layout_that_keeps_them_apart_passes(check, shop):
    _configured(shop, LAYOUT)
    code, out, _ = check(shop.path)
    assert code == FINE and "Judged is the present layout of 2 containers;" in out
    assert "does not mention" not in out
    assert "passes  1 kept apart by the layout · 2 containers needed" in out


def test_who_is_in_no_place_of_the_layout_is_told(check, shop):
    _configured(shop, LAYOUT.rpartition("[[environment]]")[0])
    code, out, _ = check(shop.path)
    assert code == FINE and "1 kept apart by the layout" in out
    assert "search, which the layout does not mention, counts as alone." in out
    code, out, _ = check(shop.path, "--format", "markdown")
    assert "Judged is the present layout of 1 container. `search, which the layout does not mention, counts" in out


def test_what_the_layout_consists_of_is_counted_by_boundary(check, shop):
    compose = "services: {a: {build: billing}, b: {build: search}}"
    shop.commit(**{"compose.yaml": compose, "billing__Dockerfile": "FROM x", "search__Dockerfile": "FROM x"})
    _, out, _ = check(shop.path)
    assert "Judged is the present layout of 2 containers and 1 machine;" in out


def test_a_change_of_the_layout_is_a_change(check, shop):
    _configured(shop, LAYOUT)
    shop.commit("apart")
    _configured(shop, LAYOUT.replace('["billing"]', '["billing", "search"]').rpartition("[[environment]]")[0])
    code, out, _ = check(shop.path, "--against", "HEAD")
    assert code == CONFLICTS and "1 conflict brought in" in out
    assert check(shop.path, "--against", "clash")[0] == FINE


def test_what_a_change_brings_in_and_clears(check, shop):
    assert check(shop.path, "--against", "clash")[0] == FINE
    commit = shop.commit(**{"search__requirements.txt": OLD, "reports__requirements.txt": NEW})
    code, out, _ = check(shop.path, "--against", "HEAD~1")
    new, cleared = out.split("Cleared")
    assert code == CONFLICTS and "2 conflicts brought in" in out and "1 cleared" in out
    assert "reports/requirements.txt:1" in new and "billing and search disagreed over flask" in cleared
    assert f"Compared with HEAD~1 ({shop.git('rev-parse', 'HEAD~1')[:12]})" in out
    code, out, _ = check(shop.path, "--against", commit[:9])
    assert code == FINE and "passes  2 known" in out and f"Compared with {commit[:12]}." in out


def test_a_folder_of_the_repository_that_was_not_there(check, shop):
    shop.commit(**{"more__a__requirements.txt": OLD, "more__b__requirements.txt": NEW})
    code, _, err = check(shop.path / "more", "--against", "clash")
    assert (code, err) == (UNUSABLE, "cohabit: --against clash: there is no folder more\n")
    assert check(shop.path / "more", "--against", "HEAD")[0] == FINE


def test_a_revision_without_services_knows_nothing(check, tmp_path):
    repository = made(tmp_path / "new")
    repository.commit(readme="nothing yet")
    repository.commit(**{"a__requirements.txt": OLD, "b__requirements.txt": NEW})
    assert check(repository.path, "--against", "HEAD~1")[0] == CONFLICTS


def test_what_git_has_only_the_names_of_is_told(check, shop, tmp_path):
    library = made(tmp_path / "library")
    library.commit(requirements="", **{"requirements.txt": NEW})
    shop.git("submodule", "--quiet", "add", str(library.path), "reports")
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 9\n"
    shop.commit(**{"more__requirements.txt": pointer, "more__unread.bin": pointer})
    (shop.path / "more" / "requirements.txt").write_text(NEW)
    code, out, _ = check(shop.path, "--against", "HEAD")
    assert code == CONFLICTS and "2 conflicts brought in" in out and "1 known" in out
    names = "the submodule reports, the LFS file more/requirements.txt"
    assert f"holds only the names of {names}: what they bring is new." in " ".join(out.split())
    (shop.path / "more" / "requirements.txt").write_text(pointer)
    shop.git("submodule", "deinit", "-q", "-f", "reports")
    assert "GATE006" not in check(shop.path, "--against", "HEAD")[1]


def test_a_wrong_revision_is_told_before_anything_is_read(check, shop, monkeypatch, tmp_path):
    monkeypatch.setattr("cohabit.fleet.gather_fleet", lambda *_: pytest.fail("the tree was read"))
    _, _, err = check(shop.path, "--against", "nowhere")
    assert "there is no branch, tag or commit 'nowhere' here; git fetch may bring it" in err
    shop.commit(more="")
    shop.git("clone", "-q", "--depth=1", shop.path.as_uri(), str(tmp_path / "shallow"))
    code, _, err = check(tmp_path / "shallow", "--against", "clash")
    assert code == UNUSABLE and "a shallow one" in err and "fetch-depth: 0" in err
    (tmp_path / "plain").mkdir()
    _, _, err = check(tmp_path / "plain", "--against", "HEAD")
    assert "is in no git checkout; --baseline FILE needs none" in err
    assert "--against '': '' is no branch" in check(shop.path, "--against", "")[2]
    assert "there is no known" in check(shop.path, "--baseline", tmp_path / "known")[2].replace(f"{tmp_path}/", "")


def test_the_configuration_of_then_counts_for_then(check, shop):
    _configured(shop, '[[service]]\nname = "money"\npath = "billing"\n')
    assert check(shop.path, "--against", "clash")[0] == CONFLICTS
    shop.commit()
    _configured(shop, "unknown = 1")
    shop.commit()
    _configured(shop, "")
    code, _, err = check(shop.path, "--against", "HEAD")
    assert code == UNUSABLE and "--against HEAD: cohabit.toml:3: unknown key 'unknown'" in err


def test_paths_that_lead_out_of_the_folder_lead_to_where_they_do_now(check, shop):
    (shop.path / "links").mkdir()
    inner = {
        "cohabit.toml": '[pip]\nfind-links = ["../links"]\n',
        "a__requirements.txt": OLD,
        "b__requirements.txt": NEW,
    }
    shop.commit(links__x="", **{f"inner__{name}": text for name, text in inner.items()})
    assert check(shop.path / "inner", "--against", "HEAD")[0] == FINE
    elsewhere = shop.path / "gate.toml"
    elsewhere.write_text('[[service]]\npath = "c"\n')
    shop.commit(inner__c__notes="none yet", **{"inner__c__requirements.txt": NEW})
    code, out, err = check(shop.path / "inner", "--config", elsewhere, "--against", "HEAD~1")
    assert code == CONFLICTS and "1 conflict brought in" in out, err


def test_the_life_of_a_baseline(check, shop, monkeypatch):
    file = shop.path / "known.jsonl"
    assert check(shop.path, "--baseline", file)[0] == UNUSABLE
    monkeypatch.setenv("COHABIT_TODAY", "2026-11-01")
    assert check(shop.path, "--baseline", file, "--update-baseline")[0] == FINE
    monkeypatch.setenv("COHABIT_TODAY", "2026-11-22")
    first = file.read_text()
    code, out, _ = check(shop.path, "--baseline", file)
    assert code == FINE and "known for 21 days, since 2026-11-01" in out and "Compared with known.jsonl." in out
    shop.commit(**{"search__requirements.txt": OLD, "reports__requirements.txt": NEW})
    _configured(shop, '[gate]\nbaseline = "known.jsonl"\n')
    code, out, _ = check(shop.path)
    assert code == CONFLICTS and "2 conflicts brought in" in out
    assert "GATE005 known.jsonl lists a conflict that is gone" in out and file.read_text() == first
    assert check(shop.path, "--update-baseline")[0] == FINE
    kept = [json.loads(line) for line in file.read_text().splitlines()]
    assert {tuple(entry["services"]) for entry in kept[1:]} == {("billing", "reports"), ("reports", "search")}
    assert [entry["id"] for entry in kept[1:]] == sorted(entry["id"] for entry in kept[1:])
    assert {entry["since"] for entry in kept[1:]} == {"2026-11-22"}


def test_a_waiver_covers_until_its_day(check, shop, monkeypatch):
    _configured(shop, '[[waiver]]\ncode = "PIP001"\nreason = "later"\nowner = "team"\nexpires = 2026-12-01\n')
    code, out, _ = check(shop.path)
    assert code == FINE and "waived until 2026-12-01 (9 days left) by team: later" in out
    assert "GATE004 The waiver of team (later) expires in 9 days, on 2026-12-01.  cohabit.toml:3" in out
    code, out, _ = check(shop.path, "--today", "2026-12-02")
    assert code == CONFLICTS and "GATE002 The waiver of team (later) expired on 2026-12-01, 1 day ago." in out
    assert check(shop.path, "--today", "2026-12-02", "--fail-on", "never")[0] == FINE


def test_a_waived_conflict_does_not_enter_the_baseline(check, shop, tmp_path):
    _configured(shop, '[[waiver]]\ncode = "PIP001"\nreason = "later"\nowner = "team"\nexpires = 2027-12-01\n')
    check(shop.path, "--baseline", tmp_path / "known", "--update-baseline")
    assert read_baseline(tmp_path / "known").known == ()


def test_limits_and_severities(check, shop):
    _configured(shop, '[severity]\npip = "warning"\n')
    code, out, _ = check(shop.path)
    assert code == FINE and "1 below --fail-on error" in out and "warning" in out
    assert check(shop.path, "--fail-on", "warning")[0] == CONFLICTS
    code, out, _ = check(shop.path, "--max-environments", "1")
    assert code == CONFLICTS and "GATE001 The plan needs 2 environments (relocked), 1 is allowed." in out
    assert check(shop.path, "--max-environments", "2")[0] == FINE


def test_what_stayed_open(check, shop):
    _configured(shop, LAYOUT)
    (shop.path / "search" / "requirements.txt").write_bytes(b"flask\xe9\n")
    assert check(shop.path)[0] == INCOMPLETE
    assert check(shop.path, "--allow-incomplete")[0] == FINE
    _configured(shop, "")
    shop.commit(**{"more__requirements.txt": NEW})
    assert check(shop.path)[0] == CONFLICTS


def test_several_formats_at_once(check, shop, tmp_path):
    files = {form: tmp_path / form for form in (*FORMATS, *JUDGED_FORMATS)}
    code, out, _ = check(shop.path, *(f"--output={form}={file}" for form, file in files.items()))
    assert code == CONFLICTS and "fails  1 conflict" in out
    assert all(file.stat().st_size for file in files.values())
    page = files["html"].read_text()
    assert "<h2>The gate fails</h2>" in page and ">fails the gate</span>" in page
    document = json.loads(files["json"].read_text())
    Draft202012Validator(json.loads(SCHEMA.read_text())).validate(document)
    assert [finding["fails"] for finding in document["findings"]] == [True] and document["present"] == []
    assert json.loads(check(shop.path, "--output", "json=-")[1]) == document
    assert check(shop.path, "--format", "json", "--output", tmp_path / "other")[1] == ""
    assert json.loads((tmp_path / "other").read_text()) == document


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--update-baseline"], "--update-baseline needs --baseline FILE, or a baseline in [gate]"),
        (["--fail-on", "grave"], "--fail-on: 'grave' is none of error, warning, note, never"),
        (["--against", "nowhere"], "--against nowhere: there is no branch, tag or commit 'nowhere' here"),
        (["--today", "soon"], "--today: 'soon' is no day such as 2026-08-23"),
        (["--against", "--config"], "--against --config: there is no branch, tag or commit '--config' here"),
        (["--max-environments", "0"], "--max-environments: 0 is not a whole number (1 to 1000000)"),
        (["--output", "x", "--output", "json=x"], "--output: x would be written twice"),
        (["--output", "x", "--output", f"json={Path('x').absolute()}"], "--output: x would be written twice"),
        (["--output", "-", "--output", "json=-"], "--output: standard output would be written twice"),
        (["--output", "."], "--output .: is a folder"),
        (["--output", "sarif="], "--output names no file"),
        (["--output", "sariff=x"], "--output sariff=x: there is no format sariff"),
        (["--baseline", "not-there/x", "--update-baseline"], "cannot write not-there/x: there is no such folder"),
        (["--output", "not-there/x"], "--output not-there/x: there is no folder not-there"),
    ],
)
def test_misuse(check, shop, arguments, complaint):
    code, _, err = check(shop.path, *arguments)
    assert code == UNUSABLE and err.startswith(f"cohabit: {complaint}")


def test_the_schema_is_up_to_date():
    assert json.loads(SCHEMA.read_text()) == judgement_schema()


HEAD = '{"schema":"cohabit.baseline/1"}\n'
ENTRY = '{"id":"x","code":"PIP001","services":["a"]}\n'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "known: is no baseline"),
        ("\n\nhello\n", "known:3: is no baseline"),
        (ENTRY, "known:1: is no baseline"),
        ('{"schema":"cohabit.baseline/2","more":1}\n', "known:1: is a cohabit.baseline/2, which this cohabit does not"),
        ('{"schema":"cohabit.baseline/1","more":1}\n', "known:1: is no baseline: its first line does not say cohabit."),
        (f'{HEAD}{{"id":"x","\\u0069d":"z","code":"y","services":["a"]}}\n', "known:2: has a key twice"),
        (f"{HEAD}<<<<<<< ours\n", "known:2: JSON is malformed"),
        (f'{HEAD}{ENTRY}{{"id":3}}\n', "known:3: Expected `str`, got `int`"),
        (f'{HEAD}{{"id":"x","code":"y","services":[]}}\n', "known:2: lists a conflict of no service"),
        (f'{HEAD}{{"id":"x","code":"y","services":["a"],"since":"soon"}}\n', "known:2: Invalid RFC3339"),
        (f"{HEAD}{'[' * 100_000}\n", "known:2: "),
        (f'{HEAD}{{"id":"x","code":"y","services":["a"],"line":3}}\n', "known:2: Object contains unknown field"),
    ],
)
def test_broken_baselines(tmp_path, monkeypatch, text, reason):
    monkeypatch.chdir(tmp_path)
    Path("known").write_text(text)
    with pytest.raises(CohabitError) as caught:
        read_baseline(Path("known"))
    assert str(caught.value).startswith(reason)


def test_lines_that_a_merge_repeats(tmp_path):
    later = ENTRY.replace("}", ',"since":"2026-11-02"}')
    (tmp_path / "known").write_text(HEAD + later + HEAD + later.replace("-02", "-01") + "\n")
    assert read_baseline(tmp_path / "known").known == (Known("x", "PIP001", ("a",), (), "2026-11-01"),)


def test_a_byte_order_mark_is_no_part_of_it(tmp_path):
    (tmp_path / "known").write_text(HEAD + ENTRY, encoding="utf-8-sig")
    assert [known.id for known in read_baseline(tmp_path / "known").known] == ["x"]


TEXT = st.text(min_size=1, max_size=8)
ENTRIES = st.builds(
    Known, TEXT, TEXT, st.lists(TEXT, min_size=1).map(lambda names: tuple(sorted(names))),
    st.lists(TEXT).map(lambda names: tuple(sorted(names))),
    st.one_of(st.just(""), st.dates(min_value=date(1, 1, 1)).map(date.isoformat)),
)  # fmt: skip


@given(st.lists(ENTRIES, unique_by=lambda known: known.id))
def test_what_is_written_is_read(tmp_path_factory, entries):
    file = tmp_path_factory.getbasetemp() / "written"
    write_baseline(file, entries)
    assert sorted(read_baseline(file).known) == sorted(entries)
    content = file.read_bytes()
    write_baseline(file, read_baseline(file).known)
    assert file.read_bytes() == content


@settings(max_examples=EXAMPLES)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_baseline_or_an_error(tmp_path_factory, content):
    file = tmp_path_factory.getbasetemp() / "any-baseline"
    for text in (content, HEAD.encode() + content):
        file.write_bytes(text)
        try:
            read_baseline(file)
        except CohabitError as error:
            assert str(error).startswith(str(file))


def test_build_servers_look_for_files_from_the_top_of_the_repository(check, shop, tmp_path):
    for name, text in {"a": OLD, "b": NEW}.items():
        shop.commit(**{f"deep__er__{name}__requirements.txt": text})
    (shop.path / "deep" / "er" / "cohabit.toml").write_text(
        '[[waiver]]\nreason = "later"\nowner = "team"\nexpires = 2026-01-01\nservices = ["x"]\n'
    )
    folder, places = shop.path / "deep" / "er", ("deep/er/a/requirements.txt", "deep/er/cohabit.toml")
    told = {form: check(folder, "--format", form)[1] for form in ("github", "gitlab", "sarif", "terminal")}
    assert all(place in told[form] for place in places for form in ("github", "sarif"))
    assert places[0] in told["gitlab"] and not any(place in told["terminal"] for place in places)
    assert "a/requirements.txt" in told["terminal"]
