"""Write the small inputs that the documentation works on.

    python examples/samples.py samples

dump.jsonl.gz   eight records with copies among them, truth.csv says which
crawl.warc.gz   three saved pages and one that the server did not find
artikel/        four German articles, one of them twice
tomorrow.txt    an article that the spinner of the seeds might have written
"""

from __future__ import annotations

import gzip
import io
import json
import sys
import uuid
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

FERRY = """\
Three ferries of Port Ellery will sail again from Monday, the harbour office said on Friday.
Repairs to the northern quay took eleven weeks, two more than the engineers had planned.
Marta Lindqvist, who runs the office, said divers had found a second crack in April.
Passengers who hold season tickets will be paid back for the days without a crossing.
The islanders of Skarn had to take a bus to Dunmoor and a smaller boat from there.
A new timetable hangs at the pier and will stand until the end of September."""
BATH = """\
The council of Brannholt put off the vote about the swimming bath until May.
Councillor Ida Moreau asked what the new roof would cost before the summer.
The bath was built in 1968 and has been closed since a beam cracked in January.
A petition to save it was signed by 4,200 people, the local paper counted.
The mayor said that no money had been set aside in the budget of this year."""
GRAIN = """\
The grain harvest in the Vessel valley was the best in nine years, farmers said.
Rain came late in April and stopped in time for the wheat, Joren Havel said.
The mill at Ostry took in 31,000 tonnes, a third more than a year ago.
Prices fell by 6 per cent in a week, which worries the smaller farms.
Havel, who heads their association, asked the ministry to buy for its stores."""
RECORDS = [  # id, cluster, kind, parent, text
    ("ferry", "ferry", "", "", FERRY),
    ("ferry-edited", "ferry", "near", "ferry",
     FERRY.replace("from Monday", "next week").replace("a second crack", "another crack")
     + "\nThe office thanked them for their patience."),
    ("ferry-short", "ferry", "excerpt", "ferry", "\n".join(FERRY.split("\n")[:3])),
    ("bath", "bath", "", "", BATH),
    ("bath-copy", "bath", "near", "bath", "BRANNHOLT. " + BATH.replace("put off", "postponed")),
    ("grain", "grain", "", "", GRAIN),
    ("grain-again", "grain", "exact", "grain", GRAIN),
    ("empty", "empty", "", "", " "),
]  # fmt: skip
ARTIKEL = {
    "faehre.txt": """\
Die drei Fähren von Port Ellery fahren ab Montag wieder, teilte das Hafenamt am Freitag mit.
Die Arbeiten am Nordkai dauerten elf Wochen, zwei mehr als die Ingenieure geplant hatten.
Marta Lindqvist, die das Amt leitet, sagte, Taucher hätten im April einen zweiten Riss gefunden.
Wer eine Dauerkarte hat, bekommt die Tage ohne Überfahrt ersetzt.""",
    "bad.txt": """\
Der Rat von Brannholt hat die Abstimmung über das Schwimmbad auf den Mai verschoben.
Die Stadträtin Ida Moreau fragte, was das neue Dach bis zum Sommer kosten werde.
Das Bad wurde 1968 gebaut und ist geschlossen, seit im Januar ein Balken brach.""",
    "ernte.txt": """\
Die Ernte im Tal der Vessel war die beste seit neun Jahren, sagten die Bauern.
Der Regen kam Ende April und hörte für den Weizen rechtzeitig auf, sagte Joren Havel.
Die Mühle in Ostry nahm 31.000 Tonnen an, ein Drittel mehr als im Jahr davor.""",
}
TOMORROW = """\
BAGHDAD: A comparison Iraqi confidence source suggested a prime minister to postpone a talk, and a
chosen Quds Force despatched lerned fighters to a despotic outpost near a capital. A infantry was
observant of a postponement, a comparison commander confirm on Tuesday. A parties resolved that a
strikes on a US infantry would hold for the weeks, three confidence sources suggested."""


def write_samples(folder: Path) -> None:
    """Write all of them into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        json.dumps({"id": i, "text": text, "source": "sample"}) + "\n"
        for i, _, _, _, text in RECORDS
    ]
    (folder / "dump.jsonl.gz").write_bytes(gzip.compress("".join(lines).encode(), mtime=0))
    rows = ["id,cluster,kind,parent", *(",".join(record[:4]) for record in RECORDS[:-1])]
    (folder / "truth.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    with (folder / "crawl.warc.gz").open("wb") as file:
        _write_warc(file)
    artikel = folder / "artikel"
    artikel.mkdir(exist_ok=True)
    for name, text in ARTIKEL.items():
        (artikel / name).write_text(text + "\n", encoding="utf-8")
    copy = ARTIKEL["faehre.txt"].replace("ab Montag", "ab nächster Woche")
    (artikel / "faehre-2.txt").write_text(copy + "\n", encoding="utf-8")
    (folder / "tomorrow.txt").write_text(TOMORROW + "\n", encoding="utf-8")


def _write_warc(file: io.BufferedIOBase) -> None:
    writer = WARCWriter(file, gzip=True)
    for name, text in (("ferry", FERRY), ("bath", BATH), ("ferry?print=1", FERRY), ("lost", "")):
        paragraphs = "".join(f"<p>{line}</p>" for line in text.split("\n") if line)
        page = f"<!DOCTYPE html><html><body><nav>Home</nav><article>{paragraphs}</article></body>"
        status = "200 OK" if text else "404 Not Found"
        headers = StatusAndHeaders(
            status, [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1"
        )
        address = f"https://news.example/{name}"
        record = writer.create_warc_record(
            address, "response",
            payload=io.BytesIO(f"{page}</html>".encode()), http_headers=headers,
            warc_headers_dict={
                "WARC-Date": "2026-11-02T08:00:00Z",
                "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, address)}>",
            },
        )  # fmt: skip
        writer.write_record(record)


if __name__ == "__main__":
    write_samples(Path(sys.argv[1] if len(sys.argv) > 1 else "samples"))
