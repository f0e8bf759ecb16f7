"""The reliability plot: what scores and confidences state against what is so.

usage: reliability_plot.py RELIABILITY.csv PLOT.svg     (run in `bench/.venv`, which has matplotlib)
"""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

from plots import ACCENT, MUTED, save


def draw(table: pd.DataFrame, path: Path) -> None:
    """One panel for each thing told; the area of a point follows how many there are.

    Filled: the text or word is spun; hollow: the suggestion is the very original.
    """
    panels = list(table.groupby("what", sort=False))
    figure, row = plt.subplots(
        1,
        len(panels),
        figsize=(2.6 * len(panels), 3),
        layout="constrained",
        sharey=True,
        squeeze=False,
    )
    for axes, (name, part) in zip(row[0], panels, strict=True):
        axes.plot([0, 1], [0, 1], linestyle=":", color=MUTED)
        area = 8 + 90 * (part["number"] / part["number"].max()) ** 0.5
        if (part["exact"] != part["right"]).any():
            axes.scatter(part["stated"], part["exact"], s=area, color="none", edgecolor=MUTED)
        axes.scatter(part["stated"], part["right"], s=area, color=ACCENT)
        axes.set_title(name, fontsize=10)
        axes.set_xlabel("stated")
        axes.set_xlim(-0.05, 1.05)
        axes.set_ylim(-0.05, 1.05)
    row[0][0].set_ylabel("so, of those")
    for axes in row[0][:-1]:
        axes.spines[["top", "right"]].set_visible(False)
    save(figure, row[0][-1], path)


if __name__ == "__main__":
    draw(pd.read_csv(sys.argv[1]), Path(sys.argv[2]))
