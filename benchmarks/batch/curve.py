"""Rules and the time for a response, as a picture."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from benchmarks.batch.rule_counts import STAGES, WHOLE, RuleCount


def can_draw() -> bool:
    """Whether matplotlib is installed."""
    return find_spec("matplotlib") is not None


def draw_curve(found: list[RuleCount], target: Path) -> None:
    """Draw microseconds by rules, on logarithmic scales, as SVG. Needs matplotlib."""
    import matplotlib as mpl  # noqa: PLC0415 - slow to import, and only needed for the picture

    mpl.use("svg")
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "rules"})  # text as text, and the same names of parts
    import matplotlib.pyplot as plt  # noqa: PLC0415 - as above

    figure, axes = plt.subplots(figsize=(6, 4))
    rules = [one.rules for one in found]
    for name in (WHOLE, *STAGES):
        axes.plot(rules, [one.microseconds[name] for one in found], marker="o", label=name)
    axes.set(xscale="log", yscale="log", xlabel="rules", ylabel="CPU microseconds for a response")
    axes.set_xticks(rules, [f"{count:,}" for count in rules])
    axes.minorticks_off()
    axes.grid(visible=True, alpha=0.3)
    axes.legend()
    figure.savefig(target, bbox_inches="tight", metadata={"Date": None, "Creator": None})
    plt.close(figure)
