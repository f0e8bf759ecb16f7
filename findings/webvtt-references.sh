#!/usr/bin/env bash
# Guess:     the text of a caption without its tags is what a viewer reads; and captions that are
#            turned into SubRip say there what they said.
# Behaviour: tags are taken off, references are not resolved, though < and & have to be written as such:
#            a transcript has R&amp;D and 5 &lt; 7, and so has the file in SubRip, for which no
#            references are defined: what was said is no longer told from how it was written.
# Version:   webvtt-py 0.6.0, Caption.text and save_as_srt(); pysubs2 1.8.1, plaintext and to_string()
# Source:    measured here; W3C WebVTT: cue text holds neither & nor < but as a reference.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check webvtt-py==0.6.0 pysubs2==1.8.1
env/bin/python -W ignore - <<'PYTHON'
import io
from pathlib import Path

import pysubs2
import webvtt

CAPTIONS = """WEBVTT

00:01.000 --> 00:04.000
<v Ada Brook>The <i>R&amp;D</i> budget is 5 &lt; 7 million.</v>
"""
WRITTEN = "The R&amp;D budget is 5 &lt; 7 million."

captions = webvtt.from_buffer(io.StringIO(CAPTIONS))
subtitles = pysubs2.SSAFile.from_string(CAPTIONS, format_="vtt")
print("webvtt-py:", captions[0].text)
print("pysubs2:  ", subtitles[0].plaintext)
assert captions[0].text == subtitles[0].plaintext == WRITTEN
captions.save_as_srt("text.srt")
made = {"webvtt-py": Path("text.srt").read_text(), "pysubs2": subtitles.to_string("srt")}
for library, text in made.items():
    print(f"SubRip of {library}:", text.splitlines()[2])
    assert "R&amp;D" in text and "5 &lt; 7" in text
PYTHON
