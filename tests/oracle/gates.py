"""A questionnaire in which every operator of enableWhen meets every type of question, and responses to it."""

from __future__ import annotations

from itertools import product
from typing import Any, Final

EQUALITY: Final = ("=", "!=")
ORDER: Final = (*EQUALITY, ">", "<", ">=", "<=")
KILOGRAM: Final = {"unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"}


def _coding(code: str) -> dict[str, Any]:
    return {"system": "https://example.org/fhir/CodeSystem/colours", "code": code, "display": code.title()}


COLOURS: Final = [{"valueCoding": _coding(code)} for code in ("red", "green", "blue")]
_RED, _GREEN, _BLUE = COLOURS

SOURCES: Final[tuple[tuple[dict[str, Any], tuple[str, ...], Any, tuple[list[dict[str, Any]], ...]], ...]] = (
    ({"type": "boolean"}, EQUALITY, True, ([], [{"valueBoolean": True}], [{"valueBoolean": False}])),
    ({"type": "integer"}, ORDER, 5, ([], *([{"valueInteger": number}] for number in (4, 5, 6, 0)))),
    ({"type": "decimal"}, ORDER, 0.3, ([], *([{"valueDecimal": number}] for number in (0.29, 0.3, 0.31, 0.0)))),
    ({"type": "string"}, EQUALITY, "ice", ([], *([{"valueString": text}] for text in ("ice", "Ice", "snow")))),
    ({"type": "choice", "answerOption": COLOURS}, EQUALITY, _coding("red"), ([], [_RED], [_GREEN])),
    (
        {"type": "choice", "answerOption": COLOURS, "repeats": True},
        EQUALITY,
        _coding("red"),
        ([], [_RED], [_GREEN], [_RED, _GREEN], [_GREEN, _BLUE]),
    ),
    ({"type": "open-choice", "answerOption": COLOURS}, EQUALITY, _coding("red"), ([], [_RED], [_BLUE])),
    ({"type": "date"}, ORDER, "2026-11-20", ([], *([{"valueDate": d}] for d in ("2026-11-19", "2026-11-20", "2026-11-21")))),
    ({"type": "quantity"}, ORDER, {"value": 80, **KILOGRAM}, ([], *([{"valueQuantity": {"value": n, **KILOGRAM}}] for n in (79, 80, 81)))),
)
"""A question, the operators for its type, the expected answer, and the answers that are given."""
NAMES={"boolean":"answerBoolean","integer":"answerInteger","decimal":"answerDecimal","string":"answerString","choice":"answerCoding","open-choice":"answerCoding","date":"answerDate","quantity":"answerQuantity"}

def build() -> dict[str, Any]:
    items=[]
    targets=[]
    for n,(item,ops,exp,given) in enumerate(SOURCES):
        lid=f"{item['type']}-{n}"
        items.append({"linkId":lid,"text":lid,**item})
        for op in ops:
            targets.append({"linkId":f"{lid}.{op}","text":f"{lid}{op}","type":"boolean","enableWhen":[{"question":lid,"operator":op,NAMES[item['type']]:exp}]})
        for e in (True,False):
            targets.append({"linkId":f"{lid}.exists.{e}","text":f"{lid}{e}","type":"boolean","enableWhen":[{"question":lid,"operator":"exists","answerBoolean":e}]})
    return {"resourceType":"Questionnaire","url":"https://example.org/fhir/Questionnaire/gates","version":"1","status":"draft","title":"t","item":items+targets}
def responses():
    most=max(len(s[3]) for s in SOURCES)
    out={}
    for k in range(most):
        its=[]
        for n,(item,ops,exp,given) in enumerate(SOURCES):
            a=given[k%len(given)]
            if a: its.append({"linkId":f"{item['type']}-{n}","answer":a})
        out[str(k)]={"resourceType":"QuestionnaireResponse","questionnaire":"https://example.org/fhir/Questionnaire/gates","status":"completed",**({"item":its} if its else {})}
    return out
