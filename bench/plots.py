"""The plots of the results, as SVG that is the same for the same figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl
import matplotlib.pyplot as plt

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

mpl.rcParams["svg.hashsalt"] = "scrub"
INK, MUTED, ACCENT = "#222222", "#8a8f98", "#c2410c"


def peers(table: pd.DataFrame, path: Path) -> None:
    """Wall time against F1, a point for each tool and setting; up and to the left is better."""
    figure, axes = plt.subplots(figsize=(7.5, 4.5), layout="constrained")
    for row in table.itertuples():
        own = row.tool == "scrub"
        axes.scatter(row.wall, row.f1, s=64 if own else 40, color=ACCENT if own else MUTED)
        label = "scrub" if own else f"{row.tool} ({row.setting})"
        axes.annotate(
            label,
            (row.wall, row.f1),
            xytext=(6, 4),
            textcoords="offset points",
            fontsize=9 if own else 8,
            color=ACCENT if own else INK,
        )
    axes.set_xscale("log")
    axes.set_ylim(0, 1.05)
    axes.margins(x=0.2)
    axes.set_xlabel("seconds, the whole process (log scale)")
    axes.set_ylabel("F1 over pairs of copies")
    save(figure, axes, path)


def growth(table: pd.DataFrame, path: Path) -> None:
    """Seconds against documents, log-log: the whole run and each stage; dotted: linear growth."""
    figure, axes = plt.subplots(figsize=(7.5, 4.5), layout="constrained")
    stages = [c for c in table.columns if c.startswith("stage_") and table[c].max() > 0]
    for stage in stages:
        axes.plot(table["documents"], table[stage], marker=".", linewidth=1, label=stage[6:])
    axes.plot(table["documents"], table["wall"], marker="o", color=ACCENT, label="whole run")
    first = table.iloc[0]
    linear = first["wall"] * table["documents"] / first["documents"]
    axes.plot(table["documents"], linear, linestyle=":", color=MUTED, label="linear")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("documents")
    axes.set_ylabel("seconds")
    axes.legend(fontsize=8, frameon=False)
    save(figure, axes, path)


def save(figure: plt.Figure, axes: plt.Axes, path: Path) -> None:
    """Write a figure as SVG, the last axes in the house's plain style."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, color="#e5e7eb", linewidth=0.6)
    axes.set_axisbelow(True)
    figure.savefig(path, format="svg", metadata={"Date": None})
    plt.close(figure)
