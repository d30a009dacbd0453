"""Two versions of a pack compared: all that is different, and which version number that asks for."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from cds.decision_support import DecisionSupport
from cds.pack import Pack
from cds.verify.difference.advice import advice_classes
from cds.verify.difference.change_class import FoundClass
from cds.verify.difference.data_change import DataChange
from cds.verify.difference.data_changes import data_changes
from cds.verify.difference.levels import level_classes
from cds.verify.difference.open_findings import open_classes
from cds.verify.difference.outcomes import outcome_classes
from cds.verify.difference.pair import SECONDS, Pair
from cds.verify.difference.search import Search
from cds.verify.difference.side import at_one_time
from cds.verify.difference.version import VersionAdvice, version_advice


@dataclass(frozen=True, slots=True)
class Difference:
    """What is different between ``old`` and ``new``.

    ``classes``: the patients whose result changes, what was lowered first; ``changes``: the data. ``undecided``
    are classes of which it is not known, as :class:`Search` has them; ``unclear`` and ``left_out`` what could not be
    compared, as :class:`Pair` has it.
    """

    old: Pack
    new: Pack
    classes: tuple[FoundClass, ...]
    changes: tuple[DataChange, ...]
    undecided: tuple[str, ...]
    unclear: tuple[str, ...]
    left_out: tuple[str, ...]
    version: VersionAdvice
    seconds: float

    @property
    def lowered(self) -> tuple[FoundClass, ...]:
        """The classes that a reviewer must see."""
        return tuple(one for one in self.classes if one.change.direction == "lowered")


SOUGHT: Final = ("levels", "outcomes", "advice", "questions")
"""What may be looked for: levels, the outcomes that they and the open questions give, advice, open questions."""


def compare(
    old: Pack,
    new: Pack,
    step: Callable[[str], None] = lambda what: None,
    seconds: float = SECONDS,
    sought: Collection[str] = SOUGHT,
) -> Difference:
    """Compare two versions; ``step`` is told what is being looked at, ``seconds`` is what one question may take.

    Of :data:`SOUGHT` only what is ``sought`` is looked for; ``left_out`` says what was not.

    Raises :class:`PackError` for what the rules engine cannot hold.
    """
    started = perf_counter()
    pair = Pair(DecisionSupport(at_one_time(old, new)), DecisionSupport(new), seconds)
    search = Search(pair, step)
    if "levels" in sought:
        level_classes(search)
    if "outcomes" in sought:
        outcome_classes(search)
    if "advice" in sought:
        advice_classes(search)
    if "questions" in sought:
        open_classes(search)
    classes = tuple(sorted(search.found, key=_order))
    changes = data_changes(old, new)
    # What nobody decided may be the worst there is: the version may not rest on it.
    unclear = (*pair.unclear, *search.undecided)
    return Difference(
        old=old,
        new=new,
        classes=classes,
        changes=changes,
        undecided=tuple(search.undecided),
        unclear=pair.unclear,
        left_out=(*pair.left_out, *(f"{what}, which were not asked for" for what in SOUGHT if what not in sought)),
        version=version_advice(old.version, new.version, classes, changes, unclear),
        seconds=perf_counter() - started,
    )


def _order(found: FoundClass) -> tuple[int, int]:
    kinds = ("level", "outcome", "possible-level", "advice", "withholds", "asked")
    directions = ("lowered", "raised", "changed")
    return directions.index(found.change.direction), kinds.index(found.change.kind)
