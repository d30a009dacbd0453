"""Proofs of a pack's properties by z3: for every patient, answered or not; and a patient for each that fails."""

from cds.verify.proofs.prove import Proofs
from cds.verify.proofs.prover import EncodingError, Prover, UndecidedError
from cds.verify.proofs.result import Counterexample, Proof

__all__ = ["Counterexample", "EncodingError", "Proof", "Proofs", "Prover", "UndecidedError"]
