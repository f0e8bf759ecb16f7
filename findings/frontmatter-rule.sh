#!/usr/bin/env bash
# Guess:     a Markdown file that begins with a rule, not with metadata, comes back whole: the
#            documentation says that without front matter the original text is returned.
# Behaviour: what stands between two rules at the beginning is dropped, without an error, wherever it
#            is sound YAML but no mapping, as a plain sentence, a quotation or a list is; saved again
#            the file has lost it for good.
# Version:   python-frontmatter 1.3.0, parse() and load()
# Source:    measured here; parse() in frontmatter/__init__.py takes over what is a dict and returns
#            the rest of the file in either case. CommonMark 0.31.2, 4.1: --- is a thematic break.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check python-frontmatter==1.3.0
env/bin/python -W ignore - <<'PYTHON'
import frontmatter

for first in ("The bridge was opened again.", "- The bridge was opened.\n- The ferry was late."):
    text = f"---\n\n{first}\n\n---\n\nThe quay is closed.\n"
    metadata, content = frontmatter.parse(text)
    print(repr(text), "->", metadata, repr(content))
    assert metadata == {} and content == "The quay is closed."
    assert first not in frontmatter.dumps(frontmatter.loads(text))
metadata, content = frontmatter.parse("Now.\n\n---\n\nThe bridge was opened again.\n\n---\n\nThe quay.")
assert "The bridge was opened again." in content
PYTHON
