"""A pack of three rules and three cases whose coverage can be counted by hand.

``tiny/`` has its vocabulary, questionnaire, rules and cases; texts and sources are those of the minimal pack.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from cds import DecisionSupport
from cds.verify import CaseRunner, load_cases
from cds.verify.cases import Coverage, coverage, load_not_coverable
from tests.pack.overlay import MINIMAL

TINY: Final = Path(__file__).parent / "tiny"


def tiny_pack(folder: Path) -> Path:
    """A copy of the tiny pack in ``folder``, which a test may change."""
    shutil.copytree(MINIMAL, folder)
    shutil.rmtree(folder / "rules")
    shutil.copytree(TINY, folder, dirs_exist_ok=True)
    return folder


def covered(folder: Path) -> Coverage:
    """What the cases of a pack cover."""
    support = DecisionSupport.load(folder)
    runner = CaseRunner(support)
    results = [runner.run(case) for case in load_cases(support.pack)]
    return coverage(support.pack, results, load_not_coverable(support.pack))
