"""Patients that show what a proof found."""

from cds.verify.witness.facts import ChartFact, Facts, assignment, facts_of
from cds.verify.witness.witness import Witness, WitnessMaker

__all__ = ["ChartFact", "Facts", "Witness", "WitnessMaker", "assignment", "facts_of"]
