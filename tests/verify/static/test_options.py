"""Answer options: what makes one matter."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cds.pack import Pack, load_pack
from cds.pack.questionnaire import EnableWhen, Option
from cds.verify.static import static_issues
from tests.pack.overlay import MINIMAL
from tests.verify.static.faulty_pack import TODAY

PACK = load_pack(MINIMAL)
SYSTEM = f"{PACK.header.url}/CodeSystem/answers"


def with_option(code: str, *, exclusive: bool = False, gated: bool = False) -> Pack:
    """The minimal pack with one more option of the illnesses, which no finding names."""
    items = dict(PACK.questionnaire.items)
    item, value = items["conditions"], (SYSTEM, code)
    option = Option(value, {"en": code, "es": code}, exclusive)
    items["conditions"] = replace(item, options={**item.options, value: option})
    if gated:
        items["smoker"] = replace(items["smoker"], enable_when=(EnableWhen("conditions", "=", value),))
    return replace(PACK, questionnaire=replace(PACK.questionnaire, items=items))


@pytest.mark.parametrize(
    ("pack", "unused"),
    [
        (with_option("gout"), True),
        (with_option("gout", exclusive=True), False),
        (with_option("gout", gated=True), False),
        (with_option("lung"), False),
    ],
    ids=["named by nothing", "exclusive", "compared by enableWhen", "read by a finding"],
)
def test_option(pack: Pack, unused: bool) -> None:
    checks = [issue.check for issue in static_issues(pack, TODAY) if issue.check != "untraced-rule"]
    assert checks == (["unused-option"] if unused else [])
