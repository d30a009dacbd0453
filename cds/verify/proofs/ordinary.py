"""The ordinary patient of a pack: whom witnesses are to resemble, so that what matters stands out."""

from __future__ import annotations

from cds.decision_support import DecisionSupport
from cds.intake import ComposeError, Composer, ResponseChecker
from cds.pack import Findings, PackError
from cds.verify.cases import load_patients
from cds.verify.witness.facts import Facts, noon


def ordinary_patient(support: DecisionSupport) -> tuple[str, Findings] | None:
    """The first base patient of ``patients.yaml`` with its name; ``None`` if the pack has none."""
    if not (support.pack.folder / "patients.yaml").is_file():
        return None
    try:
        return next(iter(load_patients(support.pack).items()), None)
    except PackError:
        return None  # what is wrong in the file is told by `cds test`


def ordinary_facts(support: DecisionSupport) -> Facts:
    """The answers of the ordinary patient; without one, of somebody who answered nothing."""
    found = ordinary_patient(support)
    if found is None:
        return Facts()
    pack = support.pack
    composer = Composer(pack.questionnaire, pack.findings)
    try:
        response = composer.compose(found[1], noon(pack).strftime("%Y-%m-%dT%H:%M:%SZ"), droppable=found[1].keys())
    except ComposeError:
        return Facts()
    return Facts(ResponseChecker(pack.questionnaire).check(response).answers)
