"""Mutation: small faults put into a pack, to see whether its cases notice them.

Needs z3 (the extra ``verify``): faults that no patient can feel are set aside by proof.
"""

from cds.verify.mutation.draft import Draft
from cds.verify.mutation.mutant import Mutant
from cds.verify.mutation.mutants import mutants
from cds.verify.mutation.score import Score, mutation_score
from cds.verify.mutation.survivor import Survivor

__all__ = ["Draft", "Mutant", "Score", "Survivor", "mutants", "mutation_score"]
