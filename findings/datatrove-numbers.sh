#!/usr/bin/env bash
# Guess:     MinHash that reads runs of five words keeps two market reports of different days apart: all
#            their prices differ, so that hardly a run of five words is in both.
# Behaviour: datatrove writes every whole number as one "0" before it makes shingles (norm_numbers is
#            on by default), so that two reports of one form have the same shingles and signatures: the
#            second is a copy, and its figures are dropped. With norm_numbers off few agree.
# Version:   datatrove 0.10.1, MinhashConfig and TextNormConfig as they come
# Source:    measured here; utils/text.py, simplify_text().
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check "datatrove[processing]==0.10.1" spacy==3.8.14
env/bin/python -W ignore - <<'PYTHON'
from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupSignature
from datatrove.utils.text import TextNormConfig


def report(figures):
    wheat, maize, beans, rice = figures
    return (
        f"Grain closed firmer in Malden today. Wheat rose {wheat} cents, maize {maize} cents, "
        f"soya beans {beans} cents and rice {rice} cents on the day before, traders said."
    )


def agreeing(config):
    step = MinhashDedupSignature(output_folder=".", config=config)
    signatures = [
        [value for bucket in step.get_signature(step.get_shingles(text)) for value in bucket]
        for text in (report((12, 7, 31, 4)), report((5, 19, 2, 40)))
    ]
    one, other = signatures
    return sum(a == b for a, b in zip(one, other)) / len(one)


default = agreeing(MinhashConfig())
kept = agreeing(MinhashConfig(norm_config=TextNormConfig(norm_numbers=False)))
print(f"of the signature values agree: as it comes {default:.2f}, with figures as they are {kept:.2f}")
assert default == 1.0
assert kept < 0.5
PYTHON
