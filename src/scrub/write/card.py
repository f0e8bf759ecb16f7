"""The dataset card beside a Parquet corpus, so that `datasets.load_dataset("out")` finds it."""

from __future__ import annotations

from scrub.distribution import version

_CARD = """\
---
configs:
- config_name: default
  data_files: corpus.parquet
tags:
- scrub
---

# A cleaned and deduplicated corpus

{documents:,} documents kept by scrub {version}. `run.json` has the settings, the digests and the
counts of the run, `dedup.csv` where each document that was read went.

| column | content |
|---|---|
| `id` | the input's own id, or its path with `#N` for the N-th record |
| `text` | the cleaned text, with sure repairs of machine-spun wording applied |
| `source` | site or collection |
| `added`, `created` | ISO 8601 dates, or null |
| `metadata` | JSON: what else the input said, and `repairs`, how many were applied |

```python
from datasets import load_dataset

corpus = load_dataset("{folder}", split="train")
```
"""


def card(documents: int, folder: str) -> bytes:
    """The card of a corpus of so many documents in a folder of this name.

    The front matter is what Hugging Face `datasets` reads in a `README.md`: the `configs` field
    names the data files, so that the other files of the folder are left alone.
    """
    text = _CARD.format(documents=documents, version=version(), folder=folder)
    return text.encode()
