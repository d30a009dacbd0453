"""Running two versions of a pack over responses, with progress on a terminal."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import track

from cds.cli.sources import STDIN, Source, read_bounded, sources
from cds.decision_support import CHART_LIMITS, DecisionSupport
from cds.pack import Pack

if TYPE_CHECKING:
    from cds.verify.difference.population import Population


def run_population(old: Pack, new: Pack, paths: tuple[str, ...], charts: Path | None) -> Population:
    """Who moves where; each response is counted once, whether or not it could be read."""
    from cds.verify.difference.population import PopulationRun

    if charts is not None and any(path == STDIN or path.endswith(".ndjson") for path in paths):
        raise click.UsageError("--charts finds a chart by the file name of its response: give files or folders")
    run = PopulationRun(DecisionSupport(old), DecisionSupport(new))
    for source in _shown(sources(paths)):
        chart, problem = _chart(source, charts)
        if source.data is None or problem:
            run.unreadable(source.name, problem or source.problem)
        else:
            run.add(source.name, source.data, chart)
    return run.population


def _shown(found: Iterator[Source]) -> Iterator[Source]:
    console = Console(stderr=True)
    yield from track(found, "Responses", console=console, transient=True, disable=not console.is_terminal)


def _chart(source: Source, charts: Path | None) -> tuple[bytes | None, str]:
    """The chart beside a response, or what is wrong with it."""
    if charts is None or source.path is None:
        return None, ""
    beside = charts / source.path.name
    if not os.path.lexists(beside):
        return None, ""
    try:
        return read_bounded(beside, CHART_LIMITS.size), ""
    except OSError as error:
        return None, f"its chart cannot be read: {error.strerror}"
    except ValueError as error:
        return None, f"its chart cannot be read: {error}"
