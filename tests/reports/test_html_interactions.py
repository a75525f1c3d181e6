"""What a reader does with the page, by pointer, by keyboard, by its address and on paper, in headless Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Locator, Page, Position, expect

from analyzer.boundary import Boundary
from analyzer.verdict import Conflict, Depth
from benchmarks.reports import report as many_services
from reports.html.address import LENGTH, addressed
from reports.html.view import CONTENTS
from tests.reports.browser import PHONE, Drawing, Visitor, settled
from tests.reports.example import example_report
from tests.reports.test_html_matrix import CANVAS, many_locks, press, readout
from tests.reports.variants import two_boundaries

MONEY = {"billing", "ledger", "payments"}


@pytest.fixture
def page(visit: Visitor) -> Page:
    return visit(two_boundaries(), permissions=["clipboard-read", "clipboard-write"])


def shown(page: Page) -> int:
    return page.locator(".card:visible").count()


def chosen_in(page: Page, control: str) -> str | None:
    return page.input_value(control) if control == "#search" else page.text_content(f"{control} option:checked")


def query(page: Page) -> Mapping[str, list[str]]:
    """What stands in the address behind the name of a section."""
    return parse_qs(urlsplit(page.url).fragment.partition("?")[2])


# Matrix.


def cell(page: Page, row: int, column: int) -> tuple[Locator, Position]:
    """The example's canvas and where on it a cell is; its cells are 30 pixels wide and end at its edge."""
    canvas = page.locator(CANVAS)
    box = canvas.bounding_box()
    assert box is not None
    return canvas, Position(x=box["width"] - 30 * (12 - column - 0.5), y=box["height"] - 30 * (12 - row - 0.5))


def test_the_tip_follows_the_pointer_and_leaves_with_it(page: Page) -> None:
    for row, column, told in [(0, 0, "accounts"), (0, 1, "accounts \u00d7 assistant: fit together")]:
        canvas, place = cell(page, row, column)
        canvas.hover(position=place)
        assert page.text_content(".tip:visible") == readout(page) == told
    page.mouse.move(2, 2)
    assert page.locator(".tip:visible").count() == 0


def test_a_click_on_a_cell_leads_to_its_conflict_and_one_that_fits_nowhere(page: Page) -> None:
    canvas, place = cell(page, 0, 1)
    canvas.click(position=place)
    assert urlsplit(page.url).fragment == ""
    canvas, place = cell(page, 0, 6)
    canvas.click(position=place)
    target = page.locator(".card:target")
    expect(target.locator(".headline")).to_contain_text("accounts and billing")
    expect(target).to_be_in_viewport()
    assert target.get_attribute("open") is not None


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["ArrowRight", "ArrowRight", "ArrowLeft"], "accounts \u00d7 assistant"),
        (["ArrowDown", "ArrowDown", "ArrowUp"], "assistant \u00d7 accounts"),
        (["ArrowLeft", "ArrowUp"], "accounts"),
        (["End", "Home"], "accounts"),
        (["ArrowDown", "End", "Home"], "assistant \u00d7 accounts"),
        (["ArrowDown", "End"], "assistant \u00d7 reindex"),
        (["PageDown"], "reindex \u00d7 accounts"),
        (["PageDown", "PageUp"], "accounts"),
        (["ArrowRight", "Control+ArrowRight"], "accounts \u00d7 assistant"),
    ],
)
def test_keys_move_in_the_matrix(page: Page, keys: list[str], expected: str) -> None:
    assert press(page, *keys).partition(":")[0] == expected


def test_the_same_conflict_can_be_gone_to_again(page: Page) -> None:
    for _ in range(2):
        press(page, *["ArrowRight"] * 6, "Enter")
        expect(page.locator(".card:target .headline")).to_contain_text("accounts and billing")
        expect(page.locator(".card:target")).to_be_in_viewport()
        page.evaluate("document.querySelector('.card:target').open = false")
        press(page, "Home")


# Graph.


def test_the_tip_of_the_graph_tells_a_node_and_what_touches_it_stays_clear(page: Page) -> None:
    drawing = Drawing(page)
    assert drawing.hover("flask") == "flask: contested by 3 services as declared, by 0 in locks only"
    assert 0 < drawing.faint() < len(drawing.lines()) + 40
    assert drawing.hover("billing").startswith("billing, in Container 3; clashes over ")
    assert drawing.hover("Container 3") == "Container 3: billing, ledger"
    page.mouse.move(2, 2)
    assert page.locator(".tip:visible").count() == 0
    assert drawing.faint() == 0


def test_the_tip_of_a_line_tells_who_clashes(page: Page) -> None:
    Drawing(page)
    middle = page.evaluate(
        """() => {
            const cy = document.getElementById('drawing')._cyreg.cy;
            const line = cy.edges().filter(edge => edge.target().data('name') === 'urllib3')[0];
            const box = document.getElementById('drawing').getBoundingClientRect();
            const { x, y } = line.renderedMidpoint();
            return [box.left + x, box.top + y];
        }"""
    )
    page.mouse.move(*middle)
    assert page.text_content(".tip:visible") == "urllib3: clash as declared, reindex"


def test_a_click_shows_only_what_touches_a_node(page: Page) -> None:
    drawing = Drawing(page)
    drawing.click("flask")
    assert drawing.names("package") == ["flask"]
    assert drawing.names("service") == ["accounts", "assistant", "billing"]
    assert query(page) == {"package": ["pypi/flask"]}
    assert page.text_content("#neighbours h3") == "What touches flask"
    drawing.click("billing")
    assert set(drawing.names("package")) > {"flask", "cryptography"}
    assert query(page) == {"service": ["billing"]}


def test_a_double_click_folds_one_container_and_unfolds_it(page: Page) -> None:
    drawing = Drawing(page)
    whole = drawing.names("service")
    drawing.double_click("Container 3")
    assert drawing.names("room") == ["Container 3 \u00b7 2 services"]
    assert sorted([*drawing.names("service"), "billing", "ledger"]) == whole
    assert urlsplit(page.url).fragment == ""
    drawing.double_click("Container 3 \u00b7 2 services")
    assert drawing.names("room") == []
    assert drawing.names("service") == whole


def test_a_container_is_chosen_and_folded_from_the_list(page: Page) -> None:
    drawing = Drawing(page)
    drawing.click("Container 3")
    expect(page.locator("#neighbours h3")).to_have_text("What touches Container 3")
    assert query(page) == {"container-of": ["billing"]}
    page.click("#fold-this")
    assert "Container 3 \u00b7 2 services" in drawing.names("room")
    assert page.text_content("#fold-this") == "Expand it"


def test_lines_of_folded_containers_tell_how_many_they_stand_for(page: Page) -> None:
    drawing = Drawing(page)
    page.click("#graph-fold")
    lines = {(line["source"], line["target"]): line for line in drawing.lines()}
    assert {line["label"] for line in lines.values()} == {"", "2"}
    assert all(line["label"] == str(len(line["who"])) for line in lines.values() if line["label"])


def test_its_conflicts_are_those_of_the_service_and_the_package(page: Page) -> None:
    Drawing(page)
    page.select_option("#graph-at", label="billing")
    page.locator("#neighbours li", has_text="flask").get_by_role("link").click()
    assert query(page) == {"service": ["billing"], "package": ["flask"]}
    expect(page.locator("#tally")).to_have_text("2 of 16 shown")


# Filters.

Test = Callable[[Conflict], bool]
FILTERS: dict[str, tuple[str, str, Test]] = {
    "service": ("#by-service", "billing", lambda c: "billing" in c.services),
    "package": ("#by-package", "flask", lambda c: c.packages[0].name == "flask"),
    "ecosystem": ("#by-ecosystem", "pip", lambda c: c.code.startswith("PIP")),
    "boundary": ("#by-boundary", "container", lambda c: c.boundary is Boundary.CONTAINER),
    "other boundary": ("#by-boundary", "venv", lambda c: c.boundary is Boundary.VENV),
    "owner": ("#by-owner", "money", lambda c: not MONEY.isdisjoint(c.services)),
    "depth": ("#by-depth", "only locks", lambda c: c.stance is Depth.LOCKED),
    "search": ("#search", "billing", lambda c: "billing" in c.services),
}


@pytest.mark.parametrize(
    "names",
    [
        *((name,) for name in FILTERS),
        ("service", "package"),
        ("owner", "depth"),
        ("ecosystem", "boundary"),
        ("other boundary", "owner", "search"),
        ("service", "package", "ecosystem", "other boundary", "owner", "search"),
    ],
    ids=" and ".join,
)
def test_filters_and_their_combinations(page: Page, names: Iterable[str]) -> None:
    chosen = [FILTERS[name] for name in names]
    conflicts = two_boundaries().conflicts
    expected = [c for c in conflicts if all(belongs(c) for _, _, belongs in chosen)]
    for control, value, _ in chosen:
        page.fill(control, value) if control == "#search" else page.select_option(control, label=value)
    assert shown(page) == len(expected) < len(conflicts)
    assert page.text_content("#tally") == f"{len(expected)} of {len(conflicts)} shown"
    page.reload()
    expect(page.locator("#tally")).to_have_text(f"{len(expected)} of {len(conflicts)} shown")
    for control, value, _ in chosen:
        found = (
            page.input_value(control)
            if control == "#search"
            else page.locator(f"{control} option:checked").text_content()
        )
        assert found == value
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(page.locator("#tally")).to_have_text(f"{len(conflicts)} of {len(conflicts)} shown")
    assert urlsplit(page.url).fragment == "conflicts"


def test_one_boundary_alone_is_no_choice(visit: Visitor) -> None:
    assert not visit(example_report()).is_visible("#by-boundary")


def test_filters_and_the_stance_are_counted_together(page: Page) -> None:
    page.select_option("#by-service", label="billing")
    page.check("#stance-relocked")
    expected = sum("billing" in c.services and c.stance is Depth.DECLARED for c in two_boundaries().conflicts)
    assert shown(page) == expected
    assert page.text_content("#tally") == f"{expected} of 16 shown, after re-locking"
    page.reload()
    assert page.is_checked("#stance-relocked")
    expect(page.locator("#tally")).to_have_text(f"{expected} of 16 shown, after re-locking")


# Addresses.


def test_addresses_name_things_and_no_positions(page: Page) -> None:
    for control, label, told in [
        ("#by-service", "billing", {"service": ["billing"]}),
        ("#by-package", "flask", {"service": ["billing"], "package": ["flask"]}),
        ("#by-owner", "money", {"service": ["billing"], "package": ["flask"], "owner": ["money"]}),
    ]:
        page.select_option(control, label=label)
        assert query(page) == told


@pytest.mark.parametrize(
    "asked",
    [
        "service=nobody",
        "service=service-1",
        "package=package-1&owner=owner-1",
        "boundary=toString&stance=constructor&code=",
        "id=pip001-000000000000",
        "%E0%A4%A",
        "&&=&service",
    ],
)
@pytest.mark.parametrize("section", ["conflicts", "graph"])
def test_what_an_address_names_and_nobody_has_is_ignored(visit: Visitor, section: str, asked: str) -> None:
    page = visit(two_boundaries(), f"#{section}?{asked}")
    settled(page)
    assert page.text_content("#tally") == "16 of 16 shown"
    assert page.input_value("#graph-at") == ""


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        ({"service": "billing"}, "billing"),
        ({"package": "pypi/certifi"}, "certifi"),
        ({"container-of": "ledger"}, "Container 3"),
        ({"container-of": "ledger", "replica": "7"}, "Container 3"),
        ({"container-of": "ledger", "stance": "relocked"}, "Container 2"),
    ],
)
def test_the_address_of_the_graph_is_restored(visit: Visitor, asked: dict[str, str], value: str) -> None:
    page = visit(two_boundaries(), f"#graph?{urlencode(asked)}")
    Drawing(page)
    assert page.locator("#graph-at option:checked").text_content() == value
    kept = page.url
    page.reload()
    settled(page)
    assert page.locator("#graph-at option:checked").text_content() == value
    assert page.url == kept


def test_a_conflicts_address_is_its_id(visit: Visitor) -> None:
    report = many_locks(1200)
    wanted = next(c for c in two_boundaries().conflicts if c.services == ("accounts", "billing"))
    page = visit(two_boundaries(), f"#conflicts?id={wanted.id}")
    expect(page.locator(".card:target[open] .headline")).to_contain_text("accounts and billing")
    assert query(page) == {"id": [wanted.id]}
    page = visit(report, f"#conflicts?id={report.conflicts[1176].id}")
    page.locator(".pair:target", has_text=report.conflicts[1176].id).wait_for(state="visible")
    assert query(page) == {"id": [report.conflicts[1176].id]}


@pytest.mark.parametrize("anchor", [anchor for anchor, _ in CONTENTS])
def test_every_section_is_arrived_at_by_its_link(page: Page, anchor: str) -> None:
    page.click(f"nav a[href='#{anchor}']")
    assert is_arrived_at(page, anchor)


@pytest.mark.parametrize("anchor", ["graph", "plan", "inventory"])
def test_sections_are_arrived_at_by_their_address_below_very_many_cards(visit: Visitor, anchor: str) -> None:
    page = visit(many_services(300), f"#{anchor}", reduced_motion="no-preference")
    page.wait_for_load_state("networkidle")
    assert is_arrived_at(page, anchor)


def is_arrived_at(page: Page, anchor: str) -> bool:
    """Whether a section begins below the bar at the window's top, or the page ends before it could."""
    settled(page)
    top, left = page.evaluate(
        f"[document.getElementById('{anchor}').getBoundingClientRect().top,"
        " document.documentElement.scrollHeight - innerHeight - scrollY]"
    )
    return 40 < top < 80 or left < 2


def test_long_names_are_told_apart_in_addresses() -> None:
    one, other = (f"{'x' * 100}{end}{'y' * 100}" for end in "ab")
    assert addressed("billing") == "billing"
    assert addressed("a\u202eb") != addressed("a⟨U+202E⟩b")
    assert addressed(one) != addressed(other)
    assert max(map(len, map(addressed, (one, other)))) <= LENGTH + 9


# Details, copying, paper, and no scripts.


def test_details_open_and_close(page: Page) -> None:
    card = page.locator(".card:not([open])").first
    identity = card.get_attribute("id")
    card.locator("> summary").click()
    whole = page.locator(f"[id='{identity}']")
    assert whole.locator(".sides").is_visible()
    tree = whole.locator(".tree")
    assert not tree.locator("ul").first.is_visible()
    tree.locator("summary").press("Enter")
    assert tree.locator("ul").first.is_visible()
    whole.locator("> summary").press("Enter")
    assert not whole.locator(".sides").is_visible()
    twin = page.locator(".twin:visible")
    twin.locator("> summary").click()
    assert twin.locator("table").is_visible()
    page.click("#unfold")
    assert page.locator(".card[open]").count() == 16
    page.click("#unfold")
    assert page.locator(".card[open]").count() == 0


def test_every_command_is_copied_as_it_stands(page: Page) -> None:
    page.click("#unfold")
    for replay in page.locator(".replay").all()[:3]:
        replay.get_by_role("button").click()
        expect(replay.get_by_role("button")).to_have_text("Copied")
        assert page.evaluate("navigator.clipboard.readText()") == (replay.locator("pre").text_content() or "").rstrip()


def test_without_leave_to_copy_the_command_is_selected(visit: Visitor) -> None:
    page = visit(example_report())
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    replay = page.locator(".card[open] .replay").first
    replay.get_by_role("button").click()
    expect(replay.get_by_role("button")).to_have_text("Selected")
    assert page.evaluate("getSelection().toString()").startswith("printf")


def test_on_paper_both_matrices_are_drawn_and_no_control_is_there(page: Page) -> None:
    Drawing(page)
    page.emulate_media(media="print")
    assert page.locator(".grid:visible").count() == 2
    assert page.locator("button:visible, select:visible, input:visible, .tip:visible").count() == 0
    assert page.locator(".card .sides:visible").count() == 16
    assert page.is_visible("#drawing canvas >> nth=0")


def test_a_drawing_that_nobody_looked_at_leaves_no_empty_frame_on_paper(visit: Visitor) -> None:
    page = visit(two_boundaries())
    page.emulate_media(media="print")
    assert page.is_hidden("#graph")
    assert page.is_visible("#plan")


def test_with_scripts_off_all_is_there(visit: Visitor) -> None:
    page = visit(two_boundaries(), java_script_enabled=False)
    assert shown(page) == 16
    assert page.locator("canvas:visible, .filters:visible, .tip:visible, .drawing:visible").count() == 0
    assert page.is_visible("#graph .noscript")
    for service in two_boundaries().fleet.services:
        assert page.locator(".under-locked .twin tbody th a", has_text=service.name).first.is_visible()
    closed = page.locator(".card:not([open])").first
    closed.locator("> summary").click()
    assert page.locator(".card[open] .sides:visible").count() == page.locator(".card[open]").count()
    page.check("#stance-relocked")
    assert shown(page) == sum(c.stance is Depth.DECLARED for c in two_boundaries().conflicts)
    assert page.locator("#plan .box:visible").count() > 0


def test_on_a_phone_nothing_is_wider_than_the_window(visit: Visitor) -> None:
    page = visit(two_boundaries(), "#graph?service=billing", PHONE)
    Drawing(page)
    page.click("#unfold")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
