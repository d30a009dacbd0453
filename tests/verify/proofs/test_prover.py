"""Nothing is called proved when z3 gives up, or when the evaluators do not see what it found."""

from __future__ import annotations

from dataclasses import replace

import pytest
import z3

from cds import DecisionSupport
from cds.engine import ReferenceEvaluator
from cds.pack.condition import Compare, Holds
from cds.verify.encoding import Rules
from cds.verify.encoding.kleene import negation
from cds.verify.proofs import EncodingError, Proof, Proofs, Prover, UndecidedError
from cds.verify.proofs.prover import MOST_DIFFERENCES
from cds.verify.properties import Properties
from cds.verify.properties.model import KINDS, Consequent
from cds.verify.properties.stated import StatedProperty
from tests.pack.overlay import MINIMAL
from tests.verify.encoding.all_kinds import all_kinds
from tests.verify.proofs.tiny_pack import TinySupport, asked, given, tiny_pack, yes_no

BREATHLESS = StatedProperty("ours", "ours", Holds("breathless"), None, Consequent(at_least="emergency"))
TWO_PATIENTS = ("urgency-is-monotone", "bounds-hold")


@pytest.fixture(scope="module")
def support() -> DecisionSupport:
    return DecisionSupport.load(MINIMAL)


class _GivesUp:
    """A solver that never knows."""

    def __init__(self, solver: z3.Solver) -> None:
        self._solver = solver

    def check(self, *formulas: object) -> z3.CheckSatResult:
        return z3.unknown

    def __getattr__(self, name: str) -> object:
        return getattr(self._solver, name)


@pytest.fixture
def giving_up(monkeypatch: pytest.MonkeyPatch) -> None:
    made = z3.SolverFor
    monkeypatch.setattr(z3, "SolverFor", lambda logic: _GivesUp(made(logic)))


@pytest.mark.usefixtures("giving_up")
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "contraindications-block"])
def test_what_z3_gives_up_on_is_neither_proved_nor_refuted(support: DecisionSupport, kind: str) -> None:
    (proof,) = Proofs(support, Properties(claimed=(kind,))).run()
    assert not proof.proved
    assert not proof.empty
    assert proof.failures == ()
    assert all("z3 gave up" in reason for reason in proof.undecided)
    assert proof.undecided


@pytest.mark.usefixtures("giving_up")
def test_statements_and_contraindications_that_z3_gives_up_on(support: DecisionSupport) -> None:
    against = Properties(
        claimed=("contraindications-block",),
        contraindications={"fever-medicine": [Holds("kidney_disease")]},
        statements=(BREATHLESS,),
    )
    for proof in Proofs(support, against).run():
        assert (proof.proved, proof.failures) == (False, ())
        assert proof.undecided


@pytest.mark.usefixtures("giving_up")
def test_the_prover_says_that_it_does_not_know(support: DecisionSupport) -> None:
    prover = Prover(support, seconds=0.5)
    with pytest.raises(UndecidedError, match=r"gave up after 0\.5 s"):
        prover.exists(prover.rules.reaches(0).known)


def _blind(support: DecisionSupport, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both evaluators, as if nothing were ever known of anybody."""
    evaluate = type(support.assessor.evaluator).evaluate
    nothing = evaluate(support.assessor.evaluator, {})
    monkeypatch.setattr(type(support.assessor.evaluator), "evaluate", lambda self, findings: nothing)


@pytest.mark.parametrize("kind", ["red-flags-raise", "complete-answers-have-an-outcome", "urgent-levels-do-not-wait"])
def test_evaluators_that_see_another_patient_are_no_proof(
    support: DecisionSupport, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    _blind(support, monkeypatch)
    with pytest.raises(EncodingError, match=f"^{kind}: z3 found a patient for whom the evaluators do not agree"):
        list(Proofs(support, Properties(claimed=(kind,))).run())


def test_a_pair_that_the_evaluators_see_otherwise_is_no_proof(
    support: DecisionSupport, monkeypatch: pytest.MonkeyPatch
) -> None:
    _blind(support, monkeypatch)
    with pytest.raises(EncodingError, match=r"^urgency-is-monotone: the evaluators do not see what z3 found"):
        list(Proofs(support, Properties(claimed=("urgency-is-monotone",))).run())


def test_a_rule_that_fires_for_z3_alone_is_no_proof(support: DecisionSupport, monkeypatch: pytest.MonkeyPatch) -> None:
    quiet = replace(support.assessor.evaluator.reference.evaluate({}), known=frozenset())
    monkeypatch.setattr(ReferenceEvaluator, "evaluate", lambda self, findings: quiet)
    with pytest.raises(EncodingError):
        list(Proofs(support, Properties(claimed=("rules-can-fire",))).run())


def test_one_rule_read_otherwise_is_noticed(support: DecisionSupport, monkeypatch: pytest.MonkeyPatch) -> None:
    """A statement fails for another reason; that one rule is read wrongly is seen in its patient all the same."""
    read = Rules.rule

    def wrong(self: Rules, rule: object) -> object:
        truth = read(self, rule)  # type: ignore[arg-type]  # a rule, as it was given
        return type(truth)(truth.no, truth.yes) if getattr(rule, "id", "") == "advice.babies" else truth

    monkeypatch.setattr(Rules, "rule", wrong)
    with pytest.raises(EncodingError):
        list(Proofs(support, Properties(statements=(BREATHLESS,))).run())


def test_the_witness_is_the_ordinary_patient_but_for_what_matters(support: DecisionSupport) -> None:
    proof = _statement(support)
    assert [failure.differs for failure in proof.failures] == [("breathless: Y",)]


def _statement(support: DecisionSupport) -> Proof:
    (proof,) = Proofs(support, Properties(statements=(BREATHLESS,))).run()
    return proof


def test_a_witness_far_from_ordinary_is_one_all_the_same() -> None:
    """More differences than are sought for: ten questions that all have to be answered with yes."""
    names = [f"b{index}" for index in range(MOST_DIFFERENCES + 2)]
    rule = given("r", Holds("b0"), level="emergency")
    support = TinySupport(tiny_pack([asked(name) for name in names], [yes_no(name) for name in names], [rule]))
    prover = Prover(support)
    facts = prover.facts(*(prover.condition(Holds(name)).yes for name in names))
    assert facts is not None
    assert [answer[1] for (answer,) in facts.answers.values() if isinstance(answer, tuple)] == ["Y"] * len(names)


def test_what_is_assumed_is_forgotten(support: DecisionSupport) -> None:
    prover = Prover(support)
    emergency = prover.rules.reaches(0).known
    with prover.assuming(negation(emergency)):
        assert not prover.exists(emergency)
        assert prover.model(negation(emergency)) is not None
    assert prover.exists(emergency)
    facts = prover.facts(emergency)
    assert facts is not None
    assert prover.witness(facts).decide(support).assessment.level == "emergency"


def test_a_statement_is_not_named_where_it_would_be_forgotten(support: DecisionSupport) -> None:
    prover = Prover(support)
    with prover.assuming(), pytest.raises(AssertionError, match="named for the first time"):
        prover.condition(Holds("smoker"))


def test_a_patient_who_cannot_be_written_out_is_no_witness_and_no_proof() -> None:
    """Only a partial date leaves the age open where it was told: the answer is neither yes nor no."""
    prover = Prover(TinySupport(all_kinds()))
    told, old = prover.patient.questions["birth"].answered, prover.condition(Compare("years", ">=", 25))
    assert prover.can(told, old.yes)
    assert not prover.can(old.yes, old.no)
    assert prover.exists(told, old.unknown)
    for ask in (prover.can, prover.any, prover.model):
        with pytest.raises(UndecidedError, match="who cannot be written out"):
            ask(told, old.unknown)
