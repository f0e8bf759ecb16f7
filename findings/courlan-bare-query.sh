#!/usr/bin/env bash
# Guess:     to clean an address takes parameters for tracking off it and leaves what tells one article
#            from another, whatever is behind the question mark.
# Behaviour: a query without an equals sign, read.php?1423 as older systems number their articles, is
#            dropped whole, and so is a parameter without a value: all articles of such a site have one
#            address. Of the links of its front page one is left, which is no article's.
# Version:   courlan 1.4.0, clean_url(), normalize_url(), check_url() and extract_links() as they come
# Source:    measured here; clean_query() in clean.py takes the query apart with parse_qs(), which skips
#            empty values unless it is told to keep them. RFC 3986, 3.4: a query need not be pairs. Its
#            README has trackers removed, and other parts with strict; w3lib 2.5.0 keeps the number.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check courlan==1.4.0 w3lib==2.5.0
env/bin/python -W ignore - <<'PYTHON'
from courlan import check_url, clean_url, extract_links, normalize_url
from w3lib.url import canonicalize_url

SITE = "https://paper.example.org/"
ARTICLES = [f"{SITE}read.php?{number}" for number in (1423, 1424, 1425)]
PAGE = "".join(f'<p><a href="{address}">An article</a></p>' for address in ARTICLES)

for clean in (clean_url, normalize_url, lambda address: check_url(address)[0]):
    assert {clean(address) for address in ARTICLES} == {f"{SITE}read.php"}
links = extract_links(PAGE, url=SITE, external_bool=False)
print(len(ARTICLES), "links:", *ARTICLES)
print("courlan:", *links)
print("w3lib:  ", *map(canonicalize_url, ARTICLES))
assert links == {f"{SITE}read.php"}
assert len(set(map(canonicalize_url, ARTICLES))) == len(ARTICLES)

paths = f"{SITE}?2026/03/01/bridge", f"{SITE}?2026/03/02/ferry"
print(*paths, "->", *map(clean_url, paths))
assert {clean_url(address) for address in paths} == {SITE}
assert clean_url(f"{SITE}story?id=7&print") == f"{SITE}story?id=7"
assert clean_url(f"{SITE}story?number=7") == f"{SITE}story?number=7"
PYTHON
