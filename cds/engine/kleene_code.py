"""The rules of a pack as one Python function, generated from their conditions: the fast form of the reference.

The three values of strong Kleene logic are 0 (false), 2 (unknown) and 3 (true): then *all* is the bitwise and, *any*
the bitwise or, and *not* a table of four entries. Each statement about a finding is looked at once and each rule is
one expression, in the order in which derived findings are concluded. ``tests/engine/test_kleene_code.py`` holds the
function to :func:`cds.engine.reference.reading`, which says the same by closures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from cds.pack.condition import All, AnyOf, AtLeast, Atom, Compare, Condition, Holds, Includes, IsCode, Not
from cds.pack.rule import Rule
from cds.pack.value import Findings, Interval, Selection, Truth

FALSE: Final = 0
UNKNOWN: Final = 2
TRUE: Final = 3
TRUTHS: Final[dict[Truth, int]] = {False: FALSE, None: UNKNOWN, True: TRUE}
"""The three values as the code has them."""

_NOT: Final = (TRUE, -1, UNKNOWN, FALSE)


Evaluate = Callable[[Findings], tuple[list[str], list[str], tuple[int, ...]]]
"""From findings to the rules that fire for certain, those that may, and the truths of the derived findings."""


def compiled(rules: Sequence[Rule], derived: Sequence[str]) -> Evaluate:
    """The rules as one function; ``rules`` stand after all that conclude what they read."""
    writer = _Writer(derived)
    for rule in rules:
        writer.write(rule)
    result = "".join(f"{variable}," for variable in writer.derived.values())
    code = [
        "def evaluate(values):",
        "    get, known, possible = values.get, [], []",
        *(f"    {variable} = {FALSE}" for variable in writer.derived.values()),
        *(f"    {line}" for line in (*writer.atoms, *writer.lines)),
        f"    return known, possible, ({result})",
    ]
    scope: dict[str, Any] = {"TRUTHS": TRUTHS, "NOT": _NOT, **{look.__name__: look for look in _LOOKS}}
    exec(compile("\n".join(code), "<rules of the pack>", "exec"), scope)  # noqa: S102 - made of names and numbers alone
    evaluate: Evaluate = scope["evaluate"]
    return evaluate


class _Writer:
    """Writes rules as lines: ``atoms`` look at each statement about a finding once, ``lines`` evaluate the rules."""

    def __init__(self, derived: Sequence[str]) -> None:
        self.atoms: list[str] = []
        self.lines: list[str] = []
        self.derived = {name: f"d{index}" for index, name in enumerate(derived)}
        """The variables of the derived findings."""
        self._names: dict[Atom, str] = {}

    def write(self, rule: Rule) -> None:
        """Write one rule."""
        concludes, truth = rule.then.conclude, self._variable(rule.when)
        self.lines += [f"if {truth}:", f"    possible.append({rule.id!r})"]
        self.lines += [f"    if {truth} == {TRUE}:", f"        known.append({rule.id!r})"]
        if concludes is not None:
            self.lines.append(f"    {self.derived[concludes]} |= {truth}")

    def _variable(self, condition: Condition) -> str:
        """The variable that holds the truth of a condition; each inner part is a line before it, so nothing nests."""
        match condition:
            case Not(operand):
                return self._assign(f"NOT[{self._variable(operand)}]")
            case All(operands):
                return self._assign(" & ".join(map(self._variable, operands)))
            case AnyOf(operands):
                return self._assign(" | ".join(map(self._variable, operands)))
            case AtLeast(count, operands):
                return self._assign(f"at_least({count}, {', '.join(map(self._variable, operands))})")
            case Holds(name) if name in self.derived:
                return self.derived[name]
            case _:
                return self._atom(condition)

    def _assign(self, expression: str) -> str:
        variable = f"t{len(self.lines)}"
        self.lines.append(f"{variable} = {expression}")
        return variable

    def _atom(self, atom: Atom) -> str:
        if atom not in self._names:
            name = self._names[atom] = f"a{len(self._names)}"
            self.atoms.append(f"{name} = {_look(atom)}")
        return self._names[atom]


def _look(atom: Atom) -> str:
    """The code that looks at a statement about one finding."""
    value = f"get({atom.finding!r})"
    match atom:
        case Holds():
            return f"TRUTHS[{value}]"
        case Compare(_, operator, bound):
            return f"compare({value}, {operator!r}, {bound})"
        case IsCode(_, code):
            return f"is_code({value}, {code!r})"
        case Includes(_, code):
            return f"includes({value}, {code!r})"


def at_least(count: int, *truths: int) -> int:
    """Whether so many hold: true by those that certainly do, unknown by those that may."""
    if sum([truth & 1 for truth in truths]) >= count:
        return TRUE
    return UNKNOWN if sum([truth >> 1 for truth in truths]) >= count else FALSE


def compare(value: object, operator: str, bound: int) -> int:
    """Whether a range satisfies a comparison: all of it, none of it, or a part."""
    if not isinstance(value, Interval):
        return UNKNOWN
    low, high = value.low, value.high
    match operator:
        case ">=":
            certain, excluded = low >= bound, high < bound
        case ">":
            certain, excluded = low > bound, high <= bound
        case "<=":
            certain, excluded = high <= bound, low > bound
        case "<":
            certain, excluded = high < bound, low >= bound
        case "=":
            certain, excluded = low == high == bound, not low <= bound <= high
        case _:
            certain, excluded = not low <= bound <= high, low == high == bound
    return TRUE if certain else FALSE if excluded else UNKNOWN


def is_code(value: object, code: str) -> int:
    """Whether a finding has this code."""
    return UNKNOWN if value is None else TRUE if value == code else FALSE


def includes(value: object, code: str) -> int:
    """Whether this code is among the chosen."""
    if not isinstance(value, Selection) or code in value.open:
        return UNKNOWN
    return TRUE if code in value.chosen else FALSE


_LOOKS: Final = (at_least, compare, is_code, includes)
