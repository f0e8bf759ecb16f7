"""What cleaning knows of a corpus and of a page: repetition, language, quality, the article."""

from __future__ import annotations

import time

import pytest

from scrub.clean import language, quality, repeated, survey
from scrub.clean.changes import Draft
from scrub.clean.html import extract, page_blocks
from scrub.clean.page import is_web_page
from scrub.clean.repeated import LineCounts, count_lines, repeated_lines
from scrub.clean.shape import with_paragraphs, with_parts_joined
from scrub.clean.text import clean_batch, clean_text
from scrub.config import CleanSettings
from scrub.document import Document

DEFAULT = CleanSettings()
STORY = "The council of {0} met on Tuesday to agree the budget for the coming year."
MORE = "Opponents in {0} called it a disgrace and said they would go to court over it."


def pages(number: int, extra: str, source: str = "daily") -> list[Document]:
    """Pages of one source, each with its own story and the same extra line in the middle."""
    names = [f"Town{'abcdefghij'[i % 10]}{'klmnopqrst'[i // 10 % 10]}" for i in range(number)]
    return [
        Document(
            id=f"{source}{index}",
            text="\n\n".join([STORY.format(name), extra, MORE.format(name)]),
            source=source,
        )
        for index, name in enumerate(names)
    ]


def known(documents: list[Document], *lines: str) -> list[str]:
    """The lines that count as boilerplate in the documents' source."""
    found = repeated_lines(count_lines(documents), DEFAULT)
    return [line for line in lines if found.remove(line, documents[0].source)]


def test_a_line_on_many_pages_of_a_source_goes_whatever_it_says() -> None:
    line = "Our reporters are paid by readers like you, and by nobody else."
    documents = pages(12, line)
    assert known(documents, line) == [line]
    found = repeated_lines(count_lines(documents), DEFAULT)
    cleaned, logs = clean_batch(documents, DEFAULT, found)
    assert not any(line in document.text for document in cleaned)
    assert {change.rule for change in logs[0]} == {"repeated"}
    assert all(MORE[:12] in document.text for document in cleaned)


def test_a_paragraph_in_two_documents_stays() -> None:
    line = "Our reporters are paid by readers like you, and by nobody else."
    assert known(pages(2, line), line) == []


def test_a_story_that_many_pages_copied_whole_stays() -> None:
    text = f"{STORY.format('Aston')}\n\nIt was a long night.\n\n{MORE.format('Aston')}"
    copies = [Document(id=str(i), text=text, source="daily") for i in range(40)]
    assert known(copies, *text.split("\n\n")) == []


def test_the_figures_of_a_table_stay_though_its_rows_look_alike() -> None:
    rows = [f"Sales {n}.1 mln vs {n + 3}.8 mln" for n in range(40)]
    documents = [
        Document(page.id, page.text.replace("ROW", row), page.source)
        for page, row in zip(pages(40, "ROW"), rows, strict=True)
    ]
    assert known(documents, *rows) == []
    counters = [row.split(".")[0].replace("Sales", "Comments") for row in rows]
    documents = [
        Document(page.id, page.text.replace("ROW", row), page.source)
        for page, row in zip(pages(40, "ROW"), counters, strict=True)
    ]
    assert known(documents, counters[20]) == [counters[20]]


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        ("Terms were not disclosed.", True),
        ("The terms of the sale were not disclosed by either of the firms.", True),
        ("MR GREEN: No.", True),  # transcripts of interviews: an answer is a line
        ("Thank you.", True),
        ("双方没有公布交易条款。", True),
        ("जाँच जारी है।", True),
        ("ሁለቱም ወገኖች አስተያየት አልሰጡም።", True),
        ("၎င်းတို့က မှတ်ချက်မပေးခဲ့ပါ။", True),
        ("ភាគី​ទាំង​ពីរ​មិន​បាន​ឆ្លើយ​ទេ។", True),
        ("Terms of sale that were not disclosed", False),
    ],
)
def test_a_sentence_that_reporters_use_often_stays(line: str, stays: bool) -> None:
    few = pages(40, line)[:8] + pages(40, "Nobody else spoke.")[8:]
    assert known(few, line) == ([] if stays else [line])
    assert known(pages(40, line), line) == [line]


def test_a_figure_that_stands_alone_is_never_furniture() -> None:
    figures = [str(n % 4) for n in range(40)]
    documents = [
        Document(page.id, page.text.replace("CELL", figure), page.source)
        for page, figure in zip(pages(40, "CELL"), figures, strict=True)
    ]
    assert known(documents, *"0123") == []


def removed(text: str, *lines: str) -> str:
    """A text of a source that has the lines on most of its pages, without those that went."""
    documents = [page for line in lines for page in pages(30, line)]
    found = repeated_lines(count_lines(documents), DEFAULT)
    draft = Draft(text)
    draft.apply("boilerplate", found.remove(text, "daily"))
    return draft.text


@pytest.mark.parametrize(
    "text",
    [
        "BUDGET AGREED\n\nIt was then that Town Clerk\nJane Smith\nspoke of a long night.",
        "BUDGET AGREED\n\nThe road was paid for by\nJane Smith\n\nNobody else spoke.",
        "SMITH INC 3RD QTR\n\nShr 12 cts vs 8 cts\nJane Smith\nShr 34 cts vs 31 cts",
    ],
)
def test_nothing_is_cut_out_of_a_sentence_or_a_table(text: str) -> None:
    assert removed(text, "Jane Smith") == text


def test_a_line_between_paragraphs_or_at_the_end_of_one_goes() -> None:
    story = f"{STORY.format('Aston')} {MORE.format('Aston')}"
    assert removed(f"{story}\nJane Smith\n{story}", "Jane Smith") == f"{story}\n{story}"
    assert removed("It was a long\nnight.\nJane Smith", "Jane Smith").rstrip() == (
        "It was a long\nnight."
    )


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        ("(APPLAUSE)", True),
        ("[BEGIN VIDEO CLIP]", True),
        ("```python", True),
        ("~~~", True),
        ("CHAPTER IV", True),
        ("Chapter 4", True),
        ("Question 12", True),
        ("Oven 12", False),
        ("XII.", True),
        ("(Read more)", False),
        ("[CLICK HERE TO SUBSCRIBE]", False),
        ("Vitamin C", False),
        ("Part I", True),
        ("Section Local", False),
        ("`Subscribe`", False),
        ("Chapter iv ends", False),
        ("JANE SMITH:", True),  # who says what follows
        ("Reporter：", True),
        ("**Reporter:**", True),
        ("Ada von der Ley:", True),
        ("Listen to this article:", False),
        ("***", False),
        ("## In short", True),
        ("#Town", False),
    ],
)
def test_what_parts_a_text_is_no_boilerplate(line: str, stays: bool) -> None:
    text = f"{STORY.format('Aston')}\n\n{line}\n\n{MORE.format('Aston')}"
    assert (removed(text, line) == text) == stays


@pytest.mark.parametrize(
    ("line", "other", "stays"),
    [
        ("Step 2", "Step 3", True),
        ("Day 10:", "Day 9:", True),
        ("Step 2", "Step 4", False),
        ("Comments 26", "Comments 27", False),
        ("Article 2", "Article 3", True),
        ("3 min read", "4 min read", False),
        ("Comments (2)", "Comments (3)", False),
    ],
)
def test_what_a_text_counts_is_no_boilerplate(line: str, other: str, stays: bool) -> None:
    text = f"{line}\n\n{STORY.format('Aston')}\n\n{other}\n\n{MORE.format('Aston')}"
    assert (removed(text, line) == text) == stays


def test_a_speaker_who_is_cut_short_is_one_too() -> None:
    text = f"JANE SMITH:\n\n{STORY.format('Aston')}\n\nBut I\n\nJANE SMITH:\n\nAnd so"
    assert removed(text, "JANE SMITH:") == text


def test_a_colon_before_what_is_no_prose_is_no_speaker() -> None:
    text = f"{STORY.format('Aston')}\n\nMore on this:\n\nOld road to close\n\nJane Smith:"
    assert removed(text, "More on this:", "Jane Smith:") == text.replace(
        "More on this:\n\n", ""
    ).replace("Jane Smith:", "")


def test_a_control_code_alone_on_a_line_shifts_nothing() -> None:
    assert removed("\x01\n\nJane Smith\n\nA.", "Jane Smith") == "\x01\n\nA."


def test_another_source_keeps_the_line() -> None:
    line = "Our reporters are paid by readers like you, and by nobody else."
    found = repeated_lines(count_lines(pages(12, line)), DEFAULT)
    assert found.remove(line, "weekly") == []


def test_a_corpus_without_sources_needs_more_pages() -> None:
    line = "Our reporters are paid by readers like you, and by nobody else."
    assert known(pages(12, line, source=""), line) == []
    assert known(pages(40, line, source=""), line) == [line]


def test_nothing_is_boilerplate_of_nothing() -> None:
    found = repeated_lines(LineCounts(), DEFAULT)
    assert found.remove("Advertisement", "") == []
    assert clean_batch([], DEFAULT, found) == ([], [])


def test_memory_of_line_counts_is_bounded_and_the_same_in_any_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(repeated, "MOST_LINES", 8)
    documents = pages(30, "The same line on each page")
    forward, backward = LineCounts(), LineCounts()
    for document in documents:
        forward = forward.merge(count_lines([document]))
    for document in reversed(documents):
        backward = backward.merge(count_lines([document]))
    assert len(forward.key) <= 8
    assert forward.key.tolist() == backward.key.tolist()
    assert forward.pages.tolist() == backward.pages.tolist()


TEXTS = {
    "en": "The council met on Tuesday to agree the budget, and it was a long night for all of "
    "those who had come to hear what the mayor would say about the new road to the coast.",
    "de": "Der Stadtrat hat am Dienstag den Haushalt für das kommende Jahr beschlossen, und die "
    "Opposition sprach von einer Schande und will nun vor Gericht ziehen.",
    "fr": "Le conseil municipal a voté mardi le budget de la ville pour l'année prochaine, et "
    "l'opposition a annoncé qu'elle irait devant les tribunaux.",
    "nl": "De gemeenteraad heeft dinsdag de begroting voor het komende jaar vastgesteld, en de "
    "oppositie sprak van een schande en wil nu naar de rechter stappen.",
    "es": "El ayuntamiento aprobó el martes el presupuesto para el próximo año, y la oposición "
    "dijo que era una vergüenza y que acudiría a los tribunales.",
    "ru": "Городской совет во вторник утвердил бюджет на следующий год, и оппозиция заявила, "
    "что обратится в суд.",
}


@pytest.mark.parametrize("code", TEXTS)
def test_language(code: str) -> None:
    documents, _ = clean_batch([Document(id="1", text=TEXTS[code])], DEFAULT)
    assert documents[0].metadata["language"] == code


def test_a_text_without_letters_has_no_language() -> None:
    assert language.language("12 34 !", words=2, function_words=0, non_ascii=0) == "und"


def test_quality_signals_by_hand() -> None:
    text = "The cat sat. The CAT ran...\n\n- one # two\n\nThe cat sat. The CAT ran...\n\nIt is 42!"
    (found,) = quality.signals(quality.count_signals(*survey.pack([text])))
    assert found == {
        "rps_doc_word_count": 19,
        "rps_doc_num_sentences": 3,
        "rps_doc_mean_word_length": round(59 / 19, 4),
        "rps_doc_frac_unique_words": round(9 / 19, 4),
        "rps_doc_stop_word_fraction": round(7 / 19, 4),
        "rps_doc_frac_no_alph_words": round(3 / 19, 4),
        "rps_doc_frac_all_caps_words": round(2 / 19, 4),
        "rps_doc_symbol_to_word_ratio": round(3 / 19, 4),
        "rps_doc_frac_lines_end_with_ellipsis": 0.5,
        "rps_lines_ending_with_terminal_punctution_mark": 0.25,
        "rps_lines_start_with_bulletpoint": 0.25,
        "frac_duplicate_lines": 0.25,
    }


def test_signals_do_not_depend_on_the_batch() -> None:
    texts = [*TEXTS.values(), "", "Short.", "a b " * 4000]
    together = quality.signals(quality.count_signals(*survey.pack(texts)))
    apart = [quality.signals(quality.count_signals(*survey.pack([text])))[0] for text in texts]
    assert together == apart


def test_filters_are_off_until_set() -> None:
    (found,) = quality.signals(quality.count_signals(*survey.pack(["Buy now!"])))
    assert quality.rejected_by(found, DEFAULT) == ""
    assert "rps_doc_word_count is 2" in quality.rejected_by(found, CleanSettings(min_words=50))


def test_a_page_without_tags_gives_its_article() -> None:
    menu = ["Home", "News", "Sport", "Weather", "Login", "Register", "Search", "Contact us"]
    article = [STORY.format("Aston"), MORE.format("Aston")] * 3
    foot = ["Comments", "Privacy policy", "Terms of use", "About us", "Jobs", "Follow us", "RSS"]
    cleaned = clean_text("\n\n".join([*menu, *article, *foot]), DEFAULT)
    assert cleaned.text == "\n\n".join(article)


def test_one_mark_again_and_again_makes_no_page_of_an_article() -> None:
    story = [STORY.format("Aston"), "Who will pay?", MORE.format("Ash"), "A long night"]
    lines = [line for part in story * 2 for line in (part, "- Advertisement -")]
    assert not is_web_page(lines)
    assert is_web_page([*lines, "Home", "Login", "Share", "Menu", "Comments", "Newsletter"])


def test_html_gives_the_article_and_what_the_page_says_of_it() -> None:
    article = "".join(
        f"<p>{STORY.format(name)} {MORE.format(name)} <b>Nobody</b>, however, was surprised.</p>"
        for name in ("Aston", "Barton", "Caxton", "Denton")
    )
    page = (
        "<html lang='en'><head><title>Budget agreed</title>"
        "<meta name='author' content='Jane Smith'>"
        "<meta property='og:site_name' content='The Daily'></head><body><ul>"
        "<li><a href='/'>Home</a>"
        "<li><a href='/n'>News</a></ul><article><h1>Budget agreed</h1>"
        f"<time datetime='2019-05-03'>3 May 2019</time>{article}</article>"
        "<div class='footer'>Privacy policy</div></body></html>"
    )
    text, metadata = extract(page)
    assert text.count("went to court") == 0
    assert text.count("go to court over it. Nobody, however, was surprised.") == 4
    assert "Home" not in text
    assert metadata["title"] == "Budget agreed"
    assert metadata["author"] == "Jane Smith"
    assert metadata["date"] == "2019-05-03"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            "close at <time datetime='2024-03-05'>8 p.m.</time>, not before.",
            "close at 8 p.m., not before.",
        ),
        ("<time>Monday</time> is the day.", "Monday is the day."),
        ("It ran (<time>1999</time>–<time>2004</time>) here.", "It ran (1999–2004) here."),
        ("The council meets on\n<time>Tuesday</time>", "The council meets on Tuesday"),
        ("<time>10:32</time>", ""),  # the clock of a ticker
    ],
)
def test_a_time_within_a_sentence_stays_in_it(markup: str, expected: str) -> None:
    article = "".join(f"<p>{STORY.format(name)} {MORE.format(name)}</p>" for name in "ABCDEFGH")
    page = f"<html><body><article>{article}<p>{markup}</p></article></body></html>"
    last = extract(page)[0].splitlines()[-1]
    assert last == expected if expected else "10:32" not in last


@pytest.mark.parametrize(
    "block",
    ["<div class='ad'></div>", "<center>The quay</center>", "<div><div>The quay</div></div>"],
)
@pytest.mark.parametrize("at", [0, 2])
def test_a_paragraph_without_tags_stays_behind_a_block(block: str, at: int) -> None:
    told = [" ".join(f"{word}{n}" for n in range(30)) for word in ("the", "old", "quay", "fair")]
    told = [f"{line}." for line in told]
    bare = [f"{block if index == at else ''}{line}" for index, line in enumerate(told)]
    page = f"<html><body><div class='story'>{'<br><br>'.join(bare)}</div></body></html>"
    text, _ = extract(page)
    assert set(told) <= set(text.splitlines())
    assert with_paragraphs(page, text) == page
    assert with_paragraphs(page, "") == page
    assert with_paragraphs(page, told[1]) != page


def _in_parts(kinds: tuple[str, str], below: str = "") -> str:
    """A page whose article is cut in two by an advertisement, each part of such a class."""
    told = [f"<p>{STORY.format(name)} {MORE.format(name)}</p>" for name in "ABCDEFGH"]
    parts = [
        f"<div class='grid'><div class='{kind}'>{''.join(told[4 * at : 4 * at + 4])}</div></div>"
        for at, kind in enumerate(kinds)
    ]
    return f"<html><body><article>{'<div>Advertisement</div>'.join(parts)}{below}</article></body>"


def test_an_article_that_is_cut_into_parts_comes_whole() -> None:
    text, _ = extract(_in_parts(("article-body", "article-body")))
    assert [line.split()[3] for line in text.splitlines()] == list("ABCDEFGH")
    told = "".join(f"<p>{MORE.format(name)} {MORE.format(name)}</p>" for name in "IJ")
    replies = "".join(f"<div class='reply'>{told}</div>" for _ in range(2))
    assert extract(_in_parts(("article-body", "article-body"), replies))[0] == text


def test_parts_of_another_kind_are_not_joined() -> None:
    page = _in_parts(("article-body", "aside"))
    first = "\n".join(f"{STORY.format(name)} {MORE.format(name)}" for name in "ABCD")
    assert with_parts_joined(page, first) == page
    page = _in_parts(("article-body", "article-body"))
    assert with_parts_joined(page, first) != page
    loose = page.replace("article>", "section>")
    assert with_parts_joined(loose, first) != loose
    for times, is_joined in ((3, True), (4, False)):
        deeper = loose.replace("<div class='grid'>", "<div class='grid'>" + "<div>" * times)
        deeper = deeper.replace("</p></div></div>", "</p></div></div>" + "</div>" * times)
        assert (with_parts_joined(deeper, first) != deeper) == is_joined
    next_one = page.replace("<div class='grid'>", "<div class='grid'><h2>Budget agreed</h2>")
    assert with_parts_joined(next_one, first) == next_one
    within = page.replace("<div class='article-body'>", "<div class='article-body'><h2>Vote</h2>")
    assert with_parts_joined(within, first) != within
    for above in ("<b>reader 7</b>", "<h4>Budget agreed</h4>", "<a href='/2'>Budget agreed</a>"):
        other = page.replace("<div class='grid'>", f"<div class='grid'>{above}")
        assert with_parts_joined(other, first) == other
    linked = page.replace("class='article-body'>", "class='article-body'><a href='/2'>Budget</a>")
    assert with_parts_joined(linked, first) == linked
    pictured = page.replace(
        "<div class='grid'>", "<div class='grid'><figure><figcaption>A pier</figcaption></figure>"
    )
    assert with_parts_joined(pictured, first) != pictured
    second = "<div>Advertisement</div><div class='grid'"
    comments = page.replace(second, f"{second} id='comments'")
    assert comments != page
    assert with_parts_joined(comments, first) == comments


@pytest.mark.parametrize(
    "part", ["section", "copy", "timestamp", "region", "current", "page", "word=née&at=20°&größe"]
)
def test_the_address_of_a_page_is_as_it_says(part: str) -> None:
    article = "".join(f"<p>{STORY.format(name)} {MORE.format(name)}</p>" for name in "ABCDEFGH")
    head = f'<meta property="og:url" content="https://a.example/x?id=3&amp;{part}=2">'
    page = f"<html><head>{head}</head><body><article>{article}</article></body></html>"
    assert extract(page)[1]["url"] == f"https://a.example/x?id=3&{part}=2"


def dated(head: str, foot: str = "") -> str | None:
    article = "".join(f"<p>{STORY.format(name)} {MORE.format(name)}</p>" for name in "ABCDEFGH")
    page = f"<html><head>{head}</head><body><article>{article}</article>{foot}</body></html>"
    date: str | None = extract(page)[1]["date"]
    return date


def test_the_date_of_a_page_is_what_it_states_whatever_day_it_is() -> None:
    stated = "<meta property='article:published_time' content='2098-03-04T23:30:00+00:00'>"
    assert dated(stated) == "2098-03-04T23:30:00+0000"
    assert dated("", "<p>Copyright 2010, 2011 The Daily</p>") is None
    assert dated("", "<p>Updated <time>5 March 2024</time></p>") == "2024-03-05"


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_the_date_of_a_page_is_the_same_in_every_time_zone(
    zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        stated = "<meta name='date' content='2019-05-03T00:30:00+00:00'>"
        assert dated(stated) == "2019-05-03T00:30:00+0000"
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("page", ["", " ", "<", "<html></html>", "plain words", "<p>" * 5000])
def test_html_that_holds_no_article_gives_none(page: str) -> None:
    text, metadata = extract(page)
    assert isinstance(text, str)
    assert set(metadata) == {"title", "date", "author", "language", "site", "url", "canonical"}


def test_inline_tags_part_no_words() -> None:
    assert page_blocks("<p>The <b>cap</b>ital</p><div>of<br>all</div>") == [
        "The capital",
        "of",
        "all",
    ]
