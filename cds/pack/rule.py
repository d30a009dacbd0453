"""Rules: as written in ``rules/*.yaml``, and as the evaluators get them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from cds.pack.condition import Condition
from cds.pack.finding import PackModel
from cds.pack.name import CodeName, Day, FindingName, RowName, RuleName
from cds.pack.text import Text

RuleStatus = Literal["draft", "in-review", "active", "retired"]
HitPolicy = Literal["collect", "any", "unique", "priority"]


class Consequence(PackModel):
    """What follows when a rule fires: a level with its reason, a derived finding, advice, blocks, out of scope."""

    level: CodeName | None = None
    reason: Text | None = None
    conclude: FindingName | None = None
    advise: list[CodeName] = []
    block: list[CodeName] = []
    instead: CodeName | None = None
    out_of_scope: CodeName | None = None


class RuleMetadata(PackModel):
    """Metadata that a file may give once for all its rules."""

    status: RuleStatus | None = None
    effective: Day | None = None
    review: Day | None = None


class WrittenRule(RuleMetadata):
    """A rule as it stands in a file; ``when`` is read later, against the vocabulary."""

    id: RuleName
    title: str
    when: Any
    then: Consequence
    rationale: str
    citations: list[str] = []
    unverified: bool = False
    subsumed_by: list[RuleName] = []


class WrittenRow(PackModel):
    """One row of a decision table."""

    id: RowName
    title: str | None = None
    cells: dict[str, str | int | float | bool] = Field(alias="if")
    then: Consequence
    rationale: str | None = None
    citations: list[str] = []
    unverified: bool | None = None
    subsumed_by: list[RuleName] = []


class WrittenTable(RuleMetadata):
    """A decision table as it stands in a file."""

    id: RuleName
    title: str
    hit: HitPolicy
    inputs: list[str]
    rationale: str = ""
    citations: list[str] = []
    unverified: bool = False
    rows: Annotated[list[WrittenRow], Field(min_length=1)]


class RuleFile(PackModel):
    """One file under ``rules/``."""

    topic: CodeName
    title: str
    defaults: RuleMetadata = RuleMetadata()
    rules: list[WrittenRule] = []
    tables: list[WrittenTable] = []


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule ready to be evaluated, whether written alone or as a table's row.

    ``file`` (relative to the pack) and ``line`` say where it stands. ``subsumed_by`` names rules to which it adds
    nothing, as its author knows.
    """

    id: str
    title: str
    topic: str
    status: RuleStatus
    effective: Day
    review: Day
    when: Condition
    then: Consequence
    rationale: str
    citations: tuple[str, ...]
    unverified: bool
    file: str
    line: int
    subsumed_by: tuple[str, ...] = ()

    @property
    def evaluated(self) -> bool:
        """Whether the evaluators see it: drafts and retired rules they do not."""
        return self.status in ("in-review", "active")


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table as a whole, for what only the whole can tell: whether its rows overlap, or leave a gap.

    ``rows`` are the ids of the rules that its rows became, in their order, evaluated or not.
    """

    id: str
    title: str
    hit: HitPolicy
    inputs: tuple[str, ...]
    rows: tuple[str, ...]
    file: str
    line: int
