"""Evaluation of a pack's rules: durable-rules, the reference, and their agreement."""

from cds.engine.agreement import CheckedEvaluator, EvaluatorDisagreement
from cds.engine.durable import DurableEngine
from cds.engine.evaluation import EngineFault, Evaluation, Evaluator
from cds.engine.plan import plan
from cds.engine.reference import ReferenceEvaluator

__all__ = [
    "CheckedEvaluator",
    "DurableEngine",
    "EngineFault",
    "Evaluation",
    "Evaluator",
    "EvaluatorDisagreement",
    "ReferenceEvaluator",
    "plan",
]
