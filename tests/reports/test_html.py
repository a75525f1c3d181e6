from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from analyzer.explanation import Explanation, Fact
from analyzer.package import JDK, Candidate, Package, pypi
from analyzer.plan import Container, Machine, Venv
from analyzer.report import Questions, Report
from analyzer.service import Fleet
from analyzer.verdict import Code, Compatible, Conflict, Grade, Stance, Witness
from reports.html import render_html
from reports.html.cards import DEPTH, Cause
from reports.html.housing import LISTED
from reports.html.matrix import Matrix, Reason
from reports.html.systems import FEW, WHOLE
from reports.html.text import WORD, abridged, exact, shown, visible
from reports.html.view import view
from tests.reports.example import HOSTILE, example_report, hostile_report
from tests.reports.installed import installed_report

EMPTY = Report(Fleet("nothing", ()), (), (), (), {}, Questions({}), {})
REPORTS = {"example": example_report, "installed": installed_report, "hostile": hostile_report, "empty": lambda: EMPTY}
VOID = {"meta", "input"}


@dataclass
class Reading(HTMLParser):
    """A page as a browser's tokenizer sees it: tags with attributes, text by enclosing tag, styles and scripts."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)
    raw: list[tuple[str, dict[str, str | None], str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        place = self.open[-1] if self.open else ""
        self.texts[place] = self.texts.get(place, "") + data
        if place in ("script", "style"):
            self.raw.append((*self.tags[-1], data))


def read(page: str) -> Reading:
    reading = Reading()
    reading.feed(page)
    reading.close()
    assert reading.open == []
    return reading


@pytest.fixture(params=sorted(REPORTS))
def report(request: pytest.FixtureRequest) -> Report:
    return REPORTS[request.param]()


def test_same_report_gives_the_same_bytes(report: Report) -> None:
    assert render_html(report).encode() == render_html(report).encode()


def test_every_conflict_is_there_by_its_id(report: Report) -> None:
    page = render_html(report)
    assert all(f"<code>{conflict.id}</code>" in page for conflict in report.conflicts)


def test_the_policy_admits_the_pages_own_style_and_script_only(report: Report) -> None:
    reading = read(render_html(report))
    policy = next(a["content"] for tag, a in reading.tags if a.get("http-equiv") == "Content-Security-Policy") or ""
    hashes = Counter(
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for _, attributes, text in reading.raw
        if attributes.get("type") != "application/json"
    )
    assert policy.startswith("default-src 'none'; ")
    assert Counter(re.findall(r"'sha256-[^']+'", policy)) == hashes
    assert [tag for tag, _, _ in reading.raw].count("style") == 1


def test_data_for_scripts_is_json(report: Report) -> None:
    reading = read(render_html(report))
    data = [text for _, attributes, text in reading.raw if attributes.get("type") == "application/json"]
    assert len(data) > 2
    assert all(json.loads(text) and text.isascii() for text in data)


def test_links_lead_inside_the_page_to_anchors_that_exist_once(report: Report) -> None:
    tags = read(render_html(report)).tags
    anchors = Counter(attributes["id"] for _, attributes in tags if "id" in attributes)
    links = [attributes["href"] or "" for _, attributes in tags if "href" in attributes]
    assert max(anchors.values()) == 1
    assert {link for link in links if not (link.startswith("#") and link[1:] in anchors)} == set()


def test_no_attribute_can_run_load_or_style_anything(report: Report) -> None:
    names = {name for _, attributes in read(render_html(report)).tags for name in attributes}
    assert {n for n in names if n.startswith("on") or n in {"style", "src", "srcset", "action", "formaction"}} == set()


def test_hostile_names_add_no_tag_and_lose_no_text() -> None:
    plain, hostile = (read(render_html(make())) for make in (example_report, hostile_report))
    assert {tag for tag, _ in hostile.tags} <= {tag for tag, _ in plain.tags}
    assert {name for name in HOSTILE if str(shown(name)).strip() not in hostile.texts["th"]} == set()


def test_hostile_characters_are_written_out() -> None:
    page = re.sub("<script>.*?</script>", "", render_html(hostile_report()), flags=re.DOTALL)
    assert all(character.isprintable() or character == "\n" for character in page)
    assert {"⟨U+202E⟩", "⟨U+001B⟩", "⟨U+0000⟩", "⟨U+D800⟩", "⟨U+200B⟩"} <= set(re.findall("⟨U[^⟩]*⟩", page))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("flask>=3; python_version<'3.12'", "flask>=3; python_version<'3.12'"),
        ("größe 服务 🚀", "größe 服务 🚀"),
        ("a\tb", "a b"),
        ("a\r\nb", "a⟨U+000D⟩⟨U+000A⟩b"),
        ("\x1b[31m", "⟨U+001B⟩[31m"),
        ("\u202eevil", "⟨U+202E⟩evil"),
        ("a\u200bb\ufeff", "a⟨U+200B⟩b⟨U+FEFF⟩"),
        ("\u3164\ufe0f\u2800", "⟨U+3164⟩⟨U+FE0F⟩⟨U+2800⟩"),
        ("\U000e0041", "⟨U+E0041⟩"),
        ("\ud800", "⟨U+D800⟩"),
    ],
)
def test_visible(text: str, expected: str) -> None:
    assert visible(text) == expected


@given(st.text(st.characters(codec=None, categories=None)))
def test_visible_is_printable_and_idempotent(text: str) -> None:
    assert visible(text).isprintable()
    assert visible(visible(text)) == visible(text)


@given(st.text(), st.integers(3, 40))
def test_abridged_keeps_to_its_length_and_both_ends(text: str, length: int) -> None:
    short, whole = abridged(text, length), visible(text)
    assert len(short) <= length
    assert short == whole or (whole.startswith(short.partition("…")[0]) and whole.endswith(short[-(length // 2) :]))


def test_long_words_are_shortened_in_prose_and_kept_in_commands() -> None:
    word = "a" * 5000
    assert len(str(shown(f"x {word} y"))) < WORD
    assert "(5000 characters)" in str(shown(word))
    assert exact(word) == word


@pytest.mark.parametrize("make", [example_report, installed_report])
def test_every_pair_of_a_stance_is_a_cell_on_both_sides_of_the_diagonal(make: Callable[[], Report]) -> None:
    report = make()
    for shown_view in view(report).views:
        stance = Stance(shown_view.key)
        counts = report.verdicts[stance]
        kinds = Counter(reason.kind for _, _, reason in cells(shown_view.matrix))
        assert kinds["declared"] + kinds["locked"] + kinds["platform"] == 2 * counts.conflict
        alone = len({u.services for u in report.undecided if len(u.services) == 1})
        assert kinds["undecided"] == 2 * counts.undecided + alone
        assert kinds["alone"] == len(report.alone(stance))


def test_conflicts_of_systems_are_one_card_that_tells_each_base_image() -> None:
    groups = view(installed_report()).groups
    (told,) = groups[-2].systems
    assert [group.lock_only for group in groups[-2:]] == [False, True]
    assert told.headline == "No root filesystem is two of these: centos:9, debian:11 and debian:12"
    based = {
        (system.name, base.text): [r.name for r in base.residents] for system in told.systems for base in system.bases
    }
    assert based["centos:9", "FROM quay.io/centos/centos:stream9"] == ["wiki"]
    assert based["debian:12", "FROM debian:bookworm"] == ["clock", "resolver", "uplink"]
    assert len(told.lines.written) == sum(c.code is Code.OPERATING_SYSTEM for c in installed_report().conflicts)


def test_a_few_conflicts_of_systems_keep_their_cards() -> None:
    report = installed_report()
    few = tuple(c for c in report.conflicts if c.code is Code.OPERATING_SYSTEM)[:FEW]
    (group,) = view(replace(report, conflicts=few)).groups
    assert group.systems == ()
    assert len(group.cards) == FEW


def test_a_pair_with_several_conflicts_shows_the_strongest() -> None:
    for shown_view in view(installed_report()).views:
        told = {
            reason.text for row, column, reason in cells(shown_view.matrix) if {row, column} == {"clock", "timeserver"}
        }
        assert told == {"conflict on chrony and ntp-client"}


def test_conflicts_of_a_matrix_are_those_of_its_stance() -> None:
    report = installed_report()
    fits = Compatible(("jobs", "proxy"), Stance.LOCKED, Grade.AS_LOCKED, Witness(()), 0)
    lifted = replace(report, compatible=(*report.compatible, fits))
    counted = [
        sum({row, column} == {"jobs", "proxy"} for row, column, _ in cells(shown_view.matrix))
        for shown_view in view(lifted).views
    ]
    assert counted == [0, 2]


def test_the_inventory_tells_pins_and_what_is_installed() -> None:
    rows = {row.name: row for row in view(installed_report()).inventory}
    assert rows["proxy"].sets == ("deb: 1 required (1 pinned)",)
    assert rows["wiki"].sets == ("rpm: 2 required, 1 installed",)
    assert rows["clock"].sets == ("deb: 1 required", "pypi: 1 required, no lock")
    assert (rows["proxy"].platform, rows["clock"].platform) == (
        "debian:12 \u00b7 x86_64",
        "Python 3.12 \u00b7 debian:12 \u00b7 x86_64",
    )


def test_a_witness_is_listed_by_ecosystem_and_cut() -> None:
    report = installed_report()
    plan = report.plans[Stance.LOCKED]
    many = tuple(Candidate(Package("deb", f"lib{number}"), "1") for number in range(LISTED + 7))
    beside = (Candidate(pypi("flask"), "3.0"), Candidate(Package("git", "x"), "1a2b3c4"), Candidate(JDK, "17"))
    venv = Venv(("wiki",), Witness((*many, *beside)))
    plans = {Stance.LOCKED: replace(plan, machines=(Machine((Container((venv,)),)),))}
    ((_, (box,)),) = view(replace(report, plans=plans)).housings[0].machines
    told = [(witness.title, len(witness.versions), witness.more) for witness in box.rooms[0].witnesses]
    assert told == [
        (f"Witness: {LISTED + 7} deb packages", LISTED, "and 7 more, all in the JSON report"),
        ("Witness: 1 checkout", 1, ""),
        ("Witness: 1 pypi package", 1, ""),
    ]
    assert "JDK 17" in box.rooms[0].facts


def test_undecided_sets_are_told_by_their_reason() -> None:
    report = installed_report()
    pair = tuple(replace(item, services=("archive", "edge")) for item in report.undecided)
    (opening,) = view(replace(report, undecided=(*report.undecided, *pair))).openings
    assert [services for _, services in opening.sets] == ["archive", "archive \u00d7 edge"]
    assert opening.stances == "As locked, After re-locking"


def test_a_certificate_with_an_undecided_pair_says_so() -> None:
    report = installed_report()
    clash = next(c for c in report.conflicts if c.services == ("archive", "edge"))
    open_pair = tuple(replace(item, services=("archive", "edge")) for item in report.undecided)
    plans = {stance: replace(plan, held_apart=1) for stance, plan in report.plans.items()}
    page = view(
        replace(
            report,
            conflicts=tuple(c for c in report.conflicts if c != clash),
            undecided=(*report.undecided, *open_pair),
            plans=plans,
        )
    )
    (proof,) = page.housings[0].proofs
    assert proof.title == "Why not fewer than 5: pair by pair"
    assert [step.why for step in proof.steps if step.pair == "archive \u00d7 edge"] == ["undecided"]
    assert page.lead.endswith("which is the fewest while 1 undecided pair stays apart.")


def test_no_conflict_lies_inside_a_planned_container() -> None:
    for shown_view in view(example_report()).views:
        assert _inside(shown_view.matrix) == []


def _inside(matrix: Matrix) -> list[Reason]:
    places = {name: place for place, name in enumerate(matrix.names)}
    return [
        reason
        for row, column, reason in cells(matrix)
        for block in matrix.blocks
        if {places[row], places[column]} <= set(range(block.at, block.at + block.size))
    ]


def cells(matrix: Matrix) -> list[tuple[str, str, Reason]]:
    """The cells that say more than "fits", on both sides of the diagonal, by the names of row and column."""
    found = {
        (row, column): reason
        for reason in matrix.reasons
        for run in reason.runs
        for other in range(run.column, run.column + run.length)
        for row, column in ((run.row, other), (other, run.row))
    }
    return [(matrix.names[row], matrix.names[column], reason) for (row, column), reason in found.items()]


def test_conflicts_are_grouped_by_package_the_declared_first() -> None:
    groups = view(example_report()).groups
    assert [group.lock_only for group in groups] == sorted(group.lock_only for group in groups)
    assert {group.package: len(group.cards) for group in groups if len(group.cards) > 1} == {
        "flask": 2,
        "certifi": 3,
        "rsa": 2,
        "numpy": 2,
    }


def test_a_card_quotes_each_side_with_its_place() -> None:
    cards = {card.headline: card for group in view(example_report()).groups for card in group.cards}
    card = next(card for headline, card in cards.items() if headline.startswith("accounts and billing"))
    quoted = [(side.service, quote.place, quote.text) for side in card.sides for quote in side.quotes]
    assert quoted == [
        ("accounts", "services/accounts/requirements.in:2", "flask>=3"),
        ("billing", "services/billing/requirements.in:2", "flask<3"),
    ]


def test_the_first_screen_tells_fleet_conflicts_and_environments() -> None:
    told = view(example_report()).summary
    assert [(title, [(tile.number, tile.name) for tile in tiles]) for title, tiles in told.rows] == [
        ("The fleet", [("12", "services"), ("1", "ecosystem"), ("23", "packages")]),
        (
            "Conflicts",
            [
                ("14", "conflicting pairs"),
                ("1", "larger conflict"),
                ("1", "service unsatisfiable alone"),
                ("2", "undecided pairs"),
            ],
        ),
        (
            "Environments",
            [("1", "environment now"), ("5", "containers as locked"), ("3", "containers after re-locking")],
        ),
    ]
    assert len(told.best) == len(example_report().price_list.savings[:3])


def test_without_a_layout_one_shared_host_is_assumed() -> None:
    report = example_report()
    unplaced = replace(report, fleet=replace(report.fleet, present=()))
    (now, *_) = view(unplaced).summary.rows[-1][1]
    assert (now.number, now.name) == ("1", "shared host assumed")
    assert now.note.endswith("16 conflicts inside")


def test_the_first_sentence_can_be_quoted() -> None:
    assert view(example_report()).lead == (
        "12 services: 5 containers as locked, 3 containers after re-locking (drift: 12 versions), "
        "which is proven optimal: accounts, billing and payments exclude one another."
    )


def test_a_certificate_leads_to_the_conflicts_that_prove_it() -> None:
    page = view(example_report())
    for housing, size in zip(page.housings, (4, 3), strict=True):
        (proof,) = housing.proofs
        assert len(proof.tenants) == size
        assert len(proof.steps) == size * (size - 1) // 2


def test_a_derivation_deeper_than_the_stack_is_listed() -> None:
    node = Explanation(Fact.REQUIRED, "flask<3", service="billing")
    for level in range(5000):
        node = Explanation(Fact.DERIVED, f"step {level}", causes=(node,))
    page = view(_with_explanation(node))
    causes = page.groups[0].cards[0].detail.causes
    assert _depth(causes) == DEPTH
    assert "step 0" in render_html(_with_explanation(node))


def test_the_causes_of_a_shared_part_are_told_once() -> None:
    node = Explanation(Fact.REQUIRED, "flask<3", service="billing")
    for level in range(60):
        node = Explanation(Fact.DERIVED, f"step {level}", causes=(node, node))
    detail = view(_with_explanation(node)).groups[0].cards[0].detail
    assert _size(detail.causes) == 1 + 2 * 60


def _with_explanation(node: Explanation) -> Report:
    report = example_report()
    conflict = replace(report.conflicts[0], explanation=Explanation(Fact.CLASH, "flask", causes=(node,)))
    return replace(report, conflicts=(conflict,))


def _depth(causes: tuple[Cause, ...]) -> int:
    return 1 + max(_depth(cause.causes) for cause in causes) if causes else 0


def _size(causes: tuple[Cause, ...]) -> int:
    return sum(1 + _size(cause.causes) for cause in causes)


def test_a_large_group_keeps_a_line_for_each() -> None:
    report = example_report()
    conflict = next(c for c in report.conflicts if c.code is Code.RESOLUTION)
    many = tuple(replace(conflict, id=f"pip002-{number:012}") for number in range(WHOLE + 5))
    (group,) = view(replace(report, conflicts=many)).groups
    (rest,) = group.rest
    assert (len(group.cards), rest.number, [line.id for line in rest.written]) == (
        WHOLE,
        5,
        [conflict.id for conflict in many[WHOLE:]],
    )


# In the browser.

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 800}


@dataclass
class Visit:
    """A page in the browser, and what it did that it should not: console lines, errors, requests."""

    page: Page
    faults: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert chromium, "no Chromium on PATH: install it (Debian: apt-get install chromium), as .ci/run does"
    browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for name, make in REPORTS.items():
        (folder / f"{name}.html").write_text(render_html(make()), encoding="utf-8")
    return folder


def visit(context: BrowserContext, file: Path) -> Visit:
    page = context.new_page()
    found = Visit(page)
    address = file.as_uri()
    page.on("console", lambda message: found.faults.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: found.faults.append(f"error: {error}"))
    page.on("request", lambda request: request.url == address or found.faults.append(f"request: {request.url}"))
    page.emulate_media(reduced_motion="reduce")
    page.goto(address)
    return found


@pytest.fixture
def example(browser: Browser, folder: Path) -> Iterator[Page]:
    context = browser.new_context(viewport=WIDE, permissions=["clipboard-read", "clipboard-write"])
    found = visit(context, folder / "example.html")
    yield found.page
    assert found.faults == []
    context.close()


def shown_cards(page: Page) -> int:
    return page.locator(".card:visible").count()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("name", sorted(REPORTS))
def test_pages_are_quiet_and_fit_the_window(browser: Browser, folder: Path, name: str, size: dict, scheme: str) -> None:
    context = browser.new_context(viewport=size, color_scheme=scheme)
    found = visit(context, folder / f"{name}.html")
    assert found.page.evaluate("document.documentElement.scrollWidth") == size["width"]
    assert found.page.evaluate("window.forged") is None
    found.page.evaluate("for (const node of document.querySelectorAll('details')) node.open = true")
    assert found.page.evaluate("document.documentElement.scrollWidth") == size["width"]
    assert found.faults == []
    context.close()


@pytest.mark.parametrize(
    ("control", "value", "expected"),
    [
        ("#search", "TENSORFLOW 2.15", 1),
        ("#search", "services/billing/requirements.in:3", 1),
        ("#search", "nothing has this", 0),
        ("#by-service", "reindex", 1),
        ("#by-service", "billing", 5),
        ("#by-package", "certifi", 3),
        ("#by-code", "PIP002 resolution", 3),
        ("#by-depth", "only locks", 8),
    ],
)
def test_filters(example: Page, control: str, value: str, expected: int) -> None:
    if control == "#search":
        example.fill(control, value)
    else:
        example.select_option(control, label=value)
    assert shown_cards(example) == expected
    assert example.text_content("#tally") == f"{expected} of 16 shown"
    assert example.is_visible("#nothing") is (expected == 0)
    example.click("button[type=reset]")
    example.wait_for_function("document.getElementById('tally').textContent === '16 of 16 shown'")
    assert shown_cards(example) == 16


@pytest.mark.parametrize(
    ("control", "label", "belongs"),
    [
        ("#by-ecosystem", "pip", lambda conflict, _: conflict.code.startswith("PIP")),
        ("#by-ecosystem", "Python version", lambda conflict, _: conflict.code.startswith("PY0")),
        ("#by-owner", "money", lambda conflict, owned: not owned.isdisjoint(conflict.services)),
    ],
)
def test_filters_by_what_conflicts_are_about(
    example: Page, control: str, label: str, belongs: Callable[[Conflict, set[str]], bool]
) -> None:
    report = example_report()
    owned = {service.name for service in report.fleet.services if service.owner == label}
    expected = sum(belongs(conflict, owned) for conflict in report.conflicts)
    assert 0 < expected < len(report.conflicts)
    example.select_option(control, label=label)
    assert shown_cards(example) == expected
    assert f"{control.removeprefix('#by-')}=" in example.url
    example.reload()
    assert shown_cards(example) == expected


def test_the_stance_switch_changes_matrix_and_conflicts(example: Page) -> None:
    example.check("#stance-relocked")
    assert example.locator(".grid:visible").count() == 1
    assert shown_cards(example) == 8
    assert example.text_content("#tally") == "8 of 16 shown, after re-locking"
    example.check("#stance-locked")
    assert shown_cards(example) == 16


def test_commands_are_copied(example: Page) -> None:
    example.locator(".card[open] .replay button").first.click()
    example.get_by_role("button", name="Copied").wait_for()
    copied = example.evaluate("navigator.clipboard.readText()")
    assert copied == (example.locator(".card[open] pre").first.text_content() or "").rstrip()
    assert "uv pip compile" in copied


def test_all_cards_open_and_close(example: Page) -> None:
    example.click("#unfold")
    assert example.locator(".card[open]").count() == 16
    example.click("#unfold")
    assert example.locator(".card[open]").count() == 0


def test_it_is_useful_with_scripts_off(browser: Browser, folder: Path) -> None:
    context = browser.new_context(viewport=WIDE, java_script_enabled=False)
    found = visit(context, folder / "example.html")
    page = found.page
    assert shown_cards(page) == 16
    assert not page.is_visible(".filters")
    page.check("#stance-relocked")
    assert shown_cards(page) == 8
    assert not page.is_visible("canvas")
    row = page.locator(".twin tr:visible", has=page.get_by_role("link", name="accounts", exact=True))
    assert "conflict on flask: billing" in (row.text_content() or "")
    closed = page.locator(".card:not([open])", has_text="tensorflow")
    closed.locator("> summary").click()
    assert page.locator(".card[open]", has_text="tensorflow").locator(".replay pre").is_visible()
    context.close()


def test_an_address_leads_to_a_line_among_the_systems(browser: Browser, folder: Path) -> None:
    context = browser.new_context(viewport=WIDE)
    found = visit(context, folder / "installed.html")
    page = found.page
    assert page.locator(".systems:visible").count() == 1
    page.locator(".systems .lines summary").click()
    position = page.locator(".pair", has_text="edge \u00d7 jobs").get_attribute("id")
    page.evaluate(f"location.hash = '#{position}'")
    page.locator(".pair:target", has_text="edge \u00d7 jobs: centos:9 against debian:12").wait_for(state="visible")
    page.select_option("#by-code", label="DEB002 deb resolution")
    assert not page.is_visible(".systems")
    assert page.text_content("#tally") == f"3 of {len(installed_report().conflicts)} shown"
    assert found.faults == []
    context.close()


def test_print_shows_both_stances_and_what_a_reader_of_paper_needs(example: Page) -> None:
    example.emulate_media(media="print")
    assert example.locator(".grid:visible").count() == 2
    assert not example.is_visible(".filters")
    closed = example.locator(".card:not([open]) .headline").first
    assert closed.is_visible()
    assert example.locator(".card:not([open]) figure").first.is_visible()
    assert example.locator(".card:not([open]) .ways").first.is_visible()
    assert not example.locator(".replay:visible, .witness:not([open]):visible").count()
