#!/usr/bin/env bash
# Guess:     the name of a paper is taken off the title of a page where it stands behind a bar or between
#            spaces and a dash; a hyphen within a word, or a result such as 2-1, is part of the headline.
# Behaviour: the title is cut at every hyphen, and the longest piece is the headline: two-thirds of
#            voters are thirds, Covid-19 is 19, and of a result the first figure is gone. A slash does the
#            same. Where the name of the paper stands behind it the headline in <h1> does not help;
#            og:title does.
# Version:   newspaper4k 0.9.6, Article.title
# Source:    measured here; the five delimiters in parse() of extractors/title_extractor.py are | - _ / and
#            » with spaces, the other four without. Open as issue 632 of AndyTheFactory/newspaper4k.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check newspaper4k==0.9.6
env/bin/python -W ignore - <<'PYTHON'
import newspaper

TEXT = "<p>The council met on Monday and agreed on a plan for the bridge that had been closed.</p>"
EXPECTED = {
    "Two-thirds of voters say no - The Paper": "thirds of voters say no",
    "Covid-19 cases rise again": "19 cases rise again",
    "Rovers 2-1 United: late goal decides the match": "1 United: late goal decides the match",
    "Man, 19, held over a well-known case": "Man, 19, held over a well",
    "5/5 for the new film of the year": "5 for the new film of the year",
    "Two-thirds of voters say no | The Paper": "Two-thirds of voters say no",
}


def title(head: str, body: str = "") -> str:
    article = newspaper.Article("https://paper.example/1", fetch_images=False)
    article.download(
        input_html=f"<html><head>{head}</head><body><article>{body}{TEXT * 3}</article></body></html>"
    )
    article.parse()
    return article.title


for whole, expected in EXPECTED.items():
    found = title(f"<title>{whole}</title>")
    print(f"{whole} -> {found}")
    assert found == expected

HEADLINE = "Two-thirds of voters say no"
head = f"<title>{HEADLINE} - The Paper</title>"
assert title(head, f"<h1>{HEADLINE}</h1>") == "thirds of voters say no"
assert title(head + f'<meta property="og:title" content="{HEADLINE}">') == HEADLINE
PYTHON
