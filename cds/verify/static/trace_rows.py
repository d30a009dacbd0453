"""The evidence trace: its faults, and rules that no row of it names."""

from __future__ import annotations

from collections.abc import Iterator

from cds.pack import PackError
from cds.verify.issue import Issue, Place
from cds.verify.static.inspection import Inspection, issue
from cds.verify.trace import NAME, load_trace


def trace_issues(inspection: Inspection) -> Iterator[Issue]:
    """Faults of the trace and, where it has none, the evaluated rules that it does not name.

    All evaluated rules are to be named, those as well that only conclude or block: each came from somewhere.
    """
    pack = inspection.pack
    if not (pack.folder / NAME).exists():
        yield issue("no-evidence-trace", [Place("pack.yaml", 1)])
        return
    try:
        rows = load_trace(pack)
    except PackError as error:
        for problem in error.problems:
            places = [Place(problem.file, problem.line)]
            yield issue("evidence-trace-fault", places, message=problem.message, hint=problem.hint)
        return
    named = {name for row in rows for name in row.rules}
    for rule in pack.rules:
        if rule.id not in named:
            yield issue("untraced-rule", [Place.of(rule)], name=rule.id)
