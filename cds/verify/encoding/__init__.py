"""A pack as z3 formulas: answers and chart in, findings, rules, levels and advice out.

The third reading of a pack, after the engine and the reference. It shares no code with them below the model of the
pack, and goes further: it also reads the questionnaire, its ``enableWhen``, and the chart, from docs/semantics.md.
"""

from cds.verify.encoding.kleene import Kleene
from cds.verify.encoding.named import NamedStatements
from cds.verify.encoding.patient import SymbolicPatient
from cds.verify.encoding.rules import RuleReading, Rules

__all__ = ["Kleene", "NamedStatements", "RuleReading", "Rules", "SymbolicPatient"]
