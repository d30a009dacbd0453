"""The pack: rules and all that belongs to them, as data."""

from cds.pack.loader import load_pack
from cds.pack.pack import Pack
from cds.pack.problem import MESSAGES, PackError, Problem
from cds.pack.rule import Rule
from cds.pack.value import Findings, FindingValue, Interval, Selection, Truth

__all__ = [
    "MESSAGES",
    "FindingValue",
    "Findings",
    "Interval",
    "Pack",
    "PackError",
    "Problem",
    "Rule",
    "Selection",
    "Truth",
    "load_pack",
]
