"""Ways in which rules can fire: all of them, or none."""

from __future__ import annotations

import pytest

from cds.assessment import Assessor
from cds.pack import PackError
from cds.pack.condition import AtLeast, Holds
from tests.engine.random_packs import boolean, pack_of, rule_of


def test_a_rule_with_too_many_ways_is_refused_and_never_left_out_of_the_open_questions() -> None:
    names = [f"b{index}" for index in range(20)]
    rule = rule_of("r", AtLeast(10, tuple(Holds(name) for name in names)), level="emergency")
    with pytest.raises(PackError, match="ways in which r can fire"):
        Assessor(pack_of([boolean(name) for name in names], [rule]))
