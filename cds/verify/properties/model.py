"""``properties.yaml``: what must be provable of a pack, as its author writes it."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import Field

from cds.pack.finding import PackModel
from cds.pack.name import CodeName, FindingName, RuleName


class RedFlagsRaise(PackModel):
    """No red flag, present or unanswered, ends in the last level.

    ``present`` says for a red flag that is a number from where on it is one, as ``temperature >= 38.0``.
    """

    prove: Literal["red-flags-raise"]
    present: list[str] = []


class Worse(PackModel):
    """A number whose worse values must not lower the level; only values ``from`` and ``to`` are compared."""

    finding: FindingName
    is_: Literal["higher", "lower"] = Field(alias="is")
    from_: int | float | None = Field(default=None, alias="from")
    to: int | float | None = None


class UrgencyIsMonotone(PackModel):
    """One more red flag, or a worse value of the numbers named, never lowers the level."""

    prove: Literal["urgency-is-monotone"]
    worse: list[Worse] = []


class BoundsHold(PackModel):
    """Answering an open question never brings the level above the possible one, nor below the certain one."""

    prove: Literal["bounds-hold"]


class Excepted(PackModel):
    """A finding that is left out of a property, and why."""

    finding: FindingName
    reason: Annotated[str, Field(min_length=1)]


class UrgentLevelsDoNotWait(PackModel):
    """A level that is given with gaps, and holds whatever one missing answer is, is given without that answer."""

    prove: Literal["urgent-levels-do-not-wait"]
    except_: list[Excepted] = Field(default=[], alias="except")


class CompleteAnswersHaveAnOutcome(PackModel):
    """Whoever answered everything gets a level by some rule, and nothing stays open."""

    prove: Literal["complete-answers-have-an-outcome"]


class ContraindicationsBlock(PackModel):
    """Advice is not given while one of these conditions holds, nor without asking first while it may.

    Each advice of the pack has contraindications, or stands under ``without`` with the reason why it has none.
    """

    prove: Literal["contraindications-block"]
    advice: dict[CodeName, list[Any]] = {}
    without: dict[CodeName, str] = {}


class RulesCanFire(PackModel):
    """Some patient makes each rule fire."""

    prove: Literal["rules-can-fire"]


class RulesAddSomething(PackModel):
    """No rule is needless beside another, unless it says so under ``subsumed_by``."""

    prove: Literal["rules-add-something"]


class UniqueTablesAreExact(PackModel):
    """Of a table with the hit policy ``unique``, exactly one row holds for whoever answered everything."""

    prove: Literal["unique-tables-are-exact"]


class OrderDoesNotMatter(PackModel):
    """The order of rules and of answers changes nothing."""

    prove: Literal["order-does-not-matter"]


class OpenQuestionsAreExact(PackModel):
    """Each open question that is listed can change the level, and none that can is missing."""

    prove: Literal["open-questions-are-exact"]


class Consequent(PackModel):
    """What a statement promises; all that is given must hold."""

    at_least: CodeName | None = None
    at_most: CodeName | None = None
    fires: list[RuleName] = []
    does_not_fire: list[RuleName] = []
    no_advice: list[CodeName] = []
    out_of_scope: CodeName | None = None
    never: bool = False


class Statement(PackModel):
    """A property of the pack's own: for every patient for whom ``if`` certainly and ``possibly`` possibly holds."""

    prove: Literal["statement"]
    id: CodeName
    title: str
    if_: Any = Field(default=None, alias="if")
    possibly: Any = None
    then: Consequent


Property = Annotated[
    RedFlagsRaise
    | UrgencyIsMonotone
    | BoundsHold
    | UrgentLevelsDoNotWait
    | CompleteAnswersHaveAnOutcome
    | ContraindicationsBlock
    | RulesCanFire
    | RulesAddSomething
    | UniqueTablesAreExact
    | OrderDoesNotMatter
    | OpenQuestionsAreExact
    | Statement,
    Field(discriminator="prove"),
]

Kind = Literal[
    "red-flags-raise",
    "urgency-is-monotone",
    "bounds-hold",
    "urgent-levels-do-not-wait",
    "complete-answers-have-an-outcome",
    "contraindications-block",
    "rules-can-fire",
    "rules-add-something",
    "unique-tables-are-exact",
    "order-does-not-matter",
    "open-questions-are-exact",
]
KINDS: tuple[str, ...] = get_args(Kind)
"""What is asked of every pack."""


class LeftOut(PackModel):
    """A property that a pack does not claim, and why."""

    prove: Kind
    reason: Annotated[str, Field(min_length=1)]


class PropertyFile(PackModel):
    """``properties.yaml``."""

    properties: list[Property]
    left_out: list[LeftOut] = []
