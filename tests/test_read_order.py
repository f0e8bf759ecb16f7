"""Dates in numbers: whether day or month goes first is told by the others, never guessed."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrub.clean.html import _date
from scrub.config import load
from scrub.document import Document
from scrub.read import record
from scrub.read.dates import iso_date, order
from scrub.read.fields import holds_date
from scrub.read.order import Orders, is_open, shown, stated
from scrub.read.reader import Reader
from scrub.read.stream import Place
from scrub.read.walk import find
from scrub.sources import origin
from scrub.store.arrays import ArrayFile
from scrub.store.raw import unpack_raw
from scrub.store.reading import pack_batches

pytestmark = pytest.mark.usefixtures("one_worker")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-01 10:00 AM", "2024-03-01T10:00:00"),
        ("2024-3-1", "2024-03-01"),
        ("01-MAR-24", "2024-03-01"),
        ("1 mars '98", "1998-03-01"),
        ("Fri Mar 01 2024 10:00:00 GMT+0100 (Central European Standard Time)",
         "2024-03-01T10:00:00+01:00"),
        ("March 1, 2024 10:00 UTC-5", "2024-03-01T10:00:00-05:00"),
        ("2024-03-01T10:00:00[Europe/Berlin]", "2024-03-01T10:00:00"),
        ("March 1, 2024 10:00 a.m. EST", "2024-03-01T10:00:00-05:00"),
        ("1. März 2024, 10:00 Uhr (MEZ)", "2024-03-01T10:00:00+01:00"),
        ("Fri, 01 Mar 2024 10:00:00 CEST", "2024-03-01T10:00:00+02:00"),
        ("2024-03-01 10:00 PST", "2024-03-01T10:00-08:00"),
        ("1 mars 2024 10h30 est", "2024-03-01T10:30:00"),  # French for "is"
        ("March 1, 2024 10:00 ET", "2024-03-01T10:00:00"),
        ("1 Mar 2024 10:00 IST", "2024-03-01T10:00:00"),
        ("3/25/24 18:31", "2024-03-25T18:31:00"), ("25/3/24", ""), ("3/5/24", ""),
        ("11/22/63", "1963-11-22"), ("3/25/24/5", ""), ("10/15/20 points", ""),
        ("2024-02-30", ""), ("3/32/24", ""), ("2 days ago", ""), ("13-14-2024", ""),
    ],
)  # fmt: skip
def test_forms_of_dates(text: str, expected: str) -> None:
    assert iso_date(text) == expected


def of(i: str, date: str, source: str = "", file: str = "a.csv") -> Document:
    return Document(
        i, "text", f"{file}#{i}", source, created=iso_date(date), metadata={"date": date}
    )


@pytest.mark.parametrize(
    ("beside", "source", "expected"),
    [
        ([], "x.com", ""),
        ([("25/03/2024", "x.com")], "x.com", "2024-03-01"),
        ([("03-25-2024 10:00", "x.com")], "x.com", "2024-01-03"),
        ([("25/03/2024", "y.com")], "x.com", "2024-03-01"),  # of its column
        ([("25/03/2024", "x.com"), ("03/25/2024", "x.com")], "x.com", ""),
        ([("25/03/2024", "y.com"), ("03/25/2024", "z.com")], "x.com", ""),
        ([("25/03/2024", "x.com"), ("03/25/2024", "z.com")], "x.com", "2024-03-01"),
        ([("25.03.2024", "x.com"), ("02/02/2024", "x.com")], "x.com", ""),
    ],
)
def test_the_dates_beside_it_tell(
    beside: list[tuple[str, str]], source: str, expected: str
) -> None:
    document = of("1", "01/03/2024", source)
    assert is_open(document)
    orders = Orders()
    for number, (date, site) in enumerate(beside, 2):
        orders.add(shown(of(str(number), date, site)))
    assert orders.settle(document) == bool(expected)
    assert document.created == expected
    assert document.metadata["date"] == "01/03/2024"
    assert origin(document).unread == ("" if expected else "01/03/2024")


def test_a_year_of_two_digits_is_last_where_the_month_is_first() -> None:
    document, other = of("1", "3/5/24 18:31"), of("2", "24/3/25")
    orders = Orders()
    orders.add(shown(of("3", "3/25/24 18:31")))
    assert orders.settle(document)
    assert document.created == "2024-03-05T18:31:00"
    assert not is_open(other)
    orders = Orders()
    orders.add(shown(of("3", "25/03/2024")))
    assert not orders.settle(of("1", "3/5/24"))
    orders = Orders()
    orders.add(shown(of("4", "25/3/24")))  # is not read, but has no month first
    orders.add(shown(of("5", "3/25/24")))
    assert not orders.settle(of("1", "3/5/24"))


@given(st.permutations(["01/03/2024", "25/03/2024", "02/03/2024", "04/03/2024"]))
def test_whatever_the_order_of_the_rows(dates: list[str]) -> None:
    documents = [of(str(n), date) for n, date in enumerate(dates, 1)]
    orders = Orders()
    for document in documents:
        orders.add(shown(document))
    for document in documents:
        if is_open(document):
            orders.settle(document)
    assert [d.created for d in documents] == [f"2024-{t[3:5]}-{t[:2]}" for t in dates]


@given(st.text(max_size=90))
def test_a_date_in_either_order_is_none_by_itself(text: str) -> None:
    if order(text) == "either":
        assert iso_date(text) == ""
        assert iso_date(text, "day") != iso_date(text, "month")


def test_what_says_that_there_is_no_date_is_no_date_that_was_not_read() -> None:
    said = {"date": "0000-00-00 00:00:00", "published": None, "updated": " NaT ", "title": "soon"}
    assert list(stated(said)) == []
    assert list(stated({"Pub-Date": "soon"})) == ["soon"]


def test_batches_wait_for_the_order(tmp_path: Path) -> None:
    with (tmp_path / "dates.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "published", "text"])
        rows.writerows([("a", "01/03/2024", "one text"), ("b", "25/03/2024", "another")])
    reader = Reader(find([tmp_path / "dates.csv"]), load(environ={})[0].read, jobs=1)
    (batch,) = pack_batches(reader, tmp_path / "batches")
    first, second = unpack_raw(ArrayFile(batch.path))
    assert (first.created, second.created) == ("2024-03-01", "2024-03-25")
    assert first.metadata["published"] == "01/03/2024"


@pytest.mark.parametrize(
    ("found", "html", "expected"),
    [
        ("2024-03-01T10:05:00+0100", "", "2024-03-01T10:05:00+0100"),
        ("2024-03-01T00:00:00", '<meta content="March 1, 2024">', "2024-03-01"),
        ("2024-03-01T00:00:00", '<meta name="date" content="01/03/2024">', "01/03/2024"),
        ("2024-03-01T00:00:00", '<i a="2024-03-01">01/03/2024</i>', "2024-03-01"),
        ("", "", ""),
    ],
)
def test_the_date_of_a_page(found: str, html: str, expected: str) -> None:
    assert _date(found, html) == expected


@pytest.mark.parametrize(
    ("date", "created", "noted"),
    [
        ("2024-03-01", "2024-03-01", None),  # read for certain: it stands in one place alone
        ("01/03/2024", "", "01/03/2024"),  # the dates of others may decide
        ("25/03/2024", "2024-03-25", "25/03/2024"),  # ... as this one does
        ("last Monday", "", "last Monday"),  # nobody can read it but a person
    ],
)
def test_the_date_of_a_page_is_noted_as_written_where_that_says_more(
    date: str, created: str, noted: str | None
) -> None:
    found = record.document("A text.", Place("a.html", ""), found={"date": date})
    assert (found.created, found.metadata.get("date")) == (created, noted)


@pytest.mark.parametrize(
    ("name", "value", "is_date"),
    [
        ("data", "2024-03-05", True),
        ("data", "01/03/2024", True),  # one of two days
        ("time", 1_709_632_800, True),
        ("data", "2024", False),
        ("time", "10:30", False),
        ("data", "a table of figures", False),
        ("published", "soon", True),  # so called, it is one that cannot be read
    ],
)
def test_what_may_be_a_date_is_one_by_what_it_holds(
    name: str, value: object, *, is_date: bool
) -> None:
    assert holds_date(name, value) is is_date


def test_a_feed_may_call_its_date_by_such_a_name(tmp_path: Path) -> None:
    items = (f"<item><id>{n}</id><data>{day}</data><text>A text.</text></item>" for n, day in (
        ("a", "2024-03-05"), ("b", "a table of figures"),
    ))  # fmt: skip
    (tmp_path / "feed.xml").write_text(f"<root>{''.join(items)}</root>")
    reader = Reader(find([tmp_path]), load(environ={})[0].read, jobs=1)
    found = {d.id: d.created for d in reader if isinstance(d, Document)}
    assert found == {"a": "2024-03-05", "b": ""}
