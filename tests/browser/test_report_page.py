"""What a person does with the report, done in a real browser."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from report_folder import EXCERPT, HOSTILE, HOSTILE_ID, SPUN, make_folder
from scrub.table import load_table
from scrub.write.load import load_flags
from scrub.write.report import build
from scrub.write.report.page import visible
from scrub.write.tables import FLAGS, write_table

if TYPE_CHECKING:
    from pathlib import Path

WIDTHS = {"desk": (1280, 900), "phone": (390, 844)}


def test_what_happened_to_the_spun_seed_is_seen_at_once(visit: Any) -> None:
    page = visit.page
    assert page.locator("h1").inner_text() == "10 articles read, 6 kept"
    story = page.locator(".cluster").first.locator(".story").inner_text()
    assert f"{EXCERPT} is an excerpt of {SPUN}: 82% of it stands there, in 11 sentences." in story
    assert "The text kept is machine-spun" in story
    ruby = page.locator(".cluster ruby.spun", has_text="lerned")
    assert ruby.locator("rt").inner_text() == "trained"
    assert page.locator(".cluster mark.original", has_text="trained").count() == 1


def test_search_filter_and_open_a_cluster(visit: Any) -> None:
    page = visit.page
    page.get_by_label("Search").fill("ferries quay")
    titles = page.locator(".cluster .title")
    assert titles.count() == 1
    assert page.locator("#cluster-count").inner_text() == "1 cluster of 3"
    page.locator(".cluster button").first.press("Enter")
    assert page.locator(".cluster td .k-exact").count() == 1
    page.get_by_label("Compare with what was kept").select_option("harbour/c")
    marked = page.locator(".pair mark.differs").all_inner_texts()
    assert {"Monday", "Tuesday", "eleven", "twelve"} == set(marked)
    page.get_by_label("Search").fill("")
    page.get_by_role("checkbox", name="exact").check()
    assert titles.count() == 1
    page.get_by_role("checkbox", name="exact").uncheck()
    page.get_by_label("Sort").select_option("size")
    assert titles.first.inner_text().startswith("The harbour office")


def test_three_decisions_by_keyboard_survive_a_reload_and_are_saved(
    visit: Any, tmp_path: Path
) -> None:
    page = visit.page
    page.locator("#review-text .flag").first.focus()
    page.keyboard.press("a")
    page.keyboard.press("r")
    third = page.locator(".flag[aria-current] .word").inner_text()
    page.keyboard.press("t")
    page.keyboard.type('=gave, "up"')
    page.keyboard.press("Enter")
    assert page.locator("#review-count").inner_text() == "3 of 65 decided"
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert page.locator("#review-count").inner_text() == "3 of 65 decided"
    with page.expect_download() as download:
        page.get_by_role("button", name="Save decisions.csv").click()
    path = tmp_path / "decisions.csv"
    download.value.save_as(path)
    with path.open(encoding="utf-8", newline="") as file:
        assert tuple(next(csv.reader(file))) == FLAGS
    decided = load_flags(path)
    assert [flag.decision for flag in decided] == ["accept", "reject", '=gave, "up"']
    assert {flag.id for flag in decided} == {SPUN}
    assert decided[0].text == "revisit"
    assert decided[2].text == third


@pytest.mark.slow
def test_what_a_person_decides_changes_the_corpus(
    browser: Any, seeds: Path, tmp_path: Path
) -> None:
    """From the seeds to the corpus with the real program: decide, save, `scrub repair`."""

    def scrub(*arguments: str) -> None:
        command = [sys.executable, "-m", "scrub", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
        assert done.returncode == 0, done.stderr

    def kept_text() -> str:
        lines = (tmp_path / "out" / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
        return next(d["text"] for d in map(json.loads, lines) if d["id"] == SPUN)

    scrub("run", str(seeds), "-o", "out", "--set", "languagetool.scope=off")
    before = kept_text()
    context = browser.new_context(accept_downloads=True)
    page = context.new_page()
    page.goto((tmp_path / "out" / "report.html").as_uri())
    page.wait_for_selector("html[data-ready]")
    flags = page.locator("#review-text .flag")
    chosen = [flags.filter(has_text=word).first for word in ("revisit", "chosen", "postponement")]
    for flag, keys in zip(chosen, ("a", "r", "t"), strict=True):
        flag.click()
        flag.press(keys)
    page.keyboard.type("stop, of sorts,")
    page.keyboard.press("Enter")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save decisions.csv").click()
    download.value.save_as(tmp_path / "decisions.csv")
    context.close()
    scrub("repair", "-o", "out", "--decisions", "decisions.csv")
    after = kept_text()
    assert after != before
    opening = next(line for line in after.splitlines() if "Quds Force" in line)
    assert "visit by" in opening
    assert "Iran’s chosen Quds" in opening
    assert "has led to a stop, of sorts, in attacks" in opening


def test_a_decision_is_taken_back_and_made_for_all_alike(visit: Any) -> None:
    page = visit.page
    first = page.locator("#review-text .flag").first
    first.focus()
    page.keyboard.press("a")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("u")
    assert page.locator("#review-count").inner_text() == "0 of 65 decided"
    assert page.get_by_role("button", name="Save decisions.csv").is_disabled()
    alike = page.locator("#review-text .flag", has_text="comparisonsenior")
    alike.first.click()
    page.locator(".flag[aria-current]").press("Shift+A")
    assert page.locator("#review-count").inner_text() == f"{alike.count()} of 65 decided"
    assert alike.count() > 1


def test_keys_outside_the_text_decide_nothing(visit: Any) -> None:
    page = visit.page
    page.get_by_label("Search").focus()
    page.keyboard.type("arr")
    assert page.locator("#review-count").inner_text() == "0 of 65 decided"


def test_hostile_text_is_shown_and_does_nothing(visit: Any) -> None:
    page = visit.page
    page.get_by_label("Search").fill("brannholt")
    page.locator(".cluster button").first.click()
    page.locator(".pairs details").evaluate_all("all => all.forEach((d) => { d.open = true })")
    page.locator("#review-document").select_option(index=1)
    text = page.locator("#review-text")
    shown = text.evaluate(
        "e => [...e.childNodes].map((n) => (n.firstChild ?? n).textContent).join('')"
    )
    assert shown == visible(HOSTILE)
    page.mouse.move(300, 300)
    assert page.title() == "What scrub found"
    assert page.locator("#review-text b, #review-text img, .cluster b, .cluster img").count() == 0
    assert HOSTILE_ID.removesuffix("\u202e") in page.locator(".cluster").inner_text()


def test_decisions_of_a_stranger_are_shown_and_do_nothing(browser: Any, tmp_path: Path) -> None:
    """`scrub repair --decisions` keeps them in flags.csv, and the report shows them from there."""
    decision = "</script><img src=x onerror=alert(1)>\u202e=1+1"
    out = make_folder(tmp_path / "out")
    rows = list(load_table(out / "flags.csv"))
    with (out / "flags.csv").open("wb") as file:
        write_table(file, FLAGS, [[*list(row.values())[:-1], decision] for row in rows])
    context = browser.new_context()
    page = context.new_page()
    seen: list[str] = []
    page.on("dialog", lambda dialog: seen.append(dialog.message))
    page.on("console", lambda message: seen.append(message.text))
    page.on("pageerror", lambda error: seen.append(str(error)))
    context.on("request", lambda request: seen.append(request.url))
    page.goto(build(out).as_uri())
    page.wait_for_selector("html[data-ready]")
    page.locator("#review-text .flag").first.click()
    assert page.locator("#review-text .instead").first.inner_text() == visible(decision)
    assert page.locator("#review-typed").input_value() == decision
    assert page.locator("img, #review-text script").count() == 0
    assert [said for said in seen if not said.startswith("data:")] == [page.url.split("#")[0]]
    context.close()


def test_what_another_page_left_in_the_storage_does_nothing(visit: Any, tmp_path: Path) -> None:
    """Pages of one folder share it: what is no decision is none, and the others can be saved."""
    page = visit.page
    page.locator("#review-text .flag").first.focus()
    page.keyboard.press("a")
    key = page.evaluate("Object.keys(localStorage).find(k => k.startsWith('scrub:decisions:'))")
    flags = page.evaluate(f"JSON.parse(localStorage.getItem({key!r}))")
    other = {"toString": "</script><b>"}
    left: object
    for left in (
        [*flags, [3, ["a,b"]], [4, 7], [5, other], ["x", "</script><img src=x>"], 6],
        {"a": 1}, None, 7, [[]], [None],
    ):  # fmt: skip
        page.evaluate("([k, v]) => localStorage.setItem(k, JSON.stringify(v))", [key, left])
        page.reload()
        page.wait_for_selector("html[data-ready]")
        is_ours = isinstance(left, list) and flags[0] in left
        assert page.locator("#review-count").inner_text().startswith(f"{int(is_ours)} of")
        assert page.locator("#review img, #review b").count() == 0
        save = page.get_by_role("button", name="Save decisions.csv")
        assert save.is_disabled() is not is_ours
        if is_ours:
            with page.expect_download() as download:
                save.click()
            download.value.save_as(tmp_path / "decisions.csv")
    assert [f.decision for f in load_flags(tmp_path / "decisions.csv")] == ["accept"]


def test_links_lead_to_the_cluster_and_the_flag(visit: Any) -> None:
    page = visit.page
    page.locator("#doubts a", has_text="harbour/c").click()
    page.locator('.cluster[data-id="harbour/a"] button:focus').wait_for()
    page.locator("#doubts a", has_text="postponement").click()
    page.locator("#review-text .flag:focus", has_text="postponement").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", WIDTHS)
def test_no_serious_accessibility_problem_and_no_sideways_scroll(
    visit: Any, size: str, scheme: str
) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python"
    )
    page = visit.page
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(dict(zip(("width", "height"), WIDTHS[size], strict=True)))
    page.locator(".cluster button[aria-expanded='false']").evaluate_all(
        "all => all.forEach((b) => b.click())"
    )
    page.locator("#review-text .flag").first.focus()
    page.keyboard.press("a")
    page.keyboard.press("r")
    found = axe.Axe().run(page).response["violations"]
    serious = [
        (problem["id"], [node["html"][:120] for node in problem["nodes"][:3]])
        for problem in found
        if problem["impact"] in ("serious", "critical", "moderate")
    ]
    assert serious == []
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[size][0]


def test_it_prints(visit: Any, tmp_path: Path) -> None:
    page = visit.page
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(28, 32, 36)"  # on paper
    assert page.locator("nav").is_hidden()
    assert page.locator(".story").first.is_visible()
    assert len(page.pdf()) > 20_000


def test_it_opens_without_storage(browser: Any, report: Path) -> None:
    context = browser.new_context()
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked') } })"
    )
    page = context.new_page()
    page.goto(report.as_uri())
    page.wait_for_selector("html[data-ready]")
    page.locator("#review-text .flag").first.focus()
    page.keyboard.press("a")
    assert page.locator("#review-count").inner_text() == "1 of 65 decided"
    context.close()


def test_the_page_needs_no_script_for_its_overview(browser: Any, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report.as_uri())
    assert page.locator(".sankey.wide").is_visible()
    assert "need JavaScript" in page.locator("noscript").inner_text()
    context.close()


def test_its_data_is_what_the_page_reads(visit: Any) -> None:
    data = json.loads(visit.page.locator("#data").text_content())
    assert {document["id"] for document in data["documents"]} >= {SPUN, EXCERPT, HOSTILE_ID}
