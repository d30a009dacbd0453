"""``findings.yaml``, ``questionnaire.json`` and the ordinary patient of a generated pack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from benchmarks.generated_pack.vocabulary import AGE, EXERCISE, TEMPERATURE, Vocabulary, tick_lists

URL: Final = "https://example.org/fhir/generated"
_ANSWERS: Final = f"{URL}/CodeSystem/answers"
_YES_NO: Final = "http://terminology.hl7.org/CodeSystem/v2-0136"
_NULL: Final = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"
_EXTENSION: Final = "http://hl7.org/fhir/StructureDefinition/"
_HOURS: Final = {
    "within-one-day": [0, 24],
    "one-to-three-days": [25, 72],
    "three-to-seven-days": [73, 168],
    "over-a-week": [169, 8760],
}
_NUMBERS: Final[Mapping[str, Mapping[str, Any]]] = {
    AGE: {"range": [0, 120], "unit": "a"},
    TEMPERATURE: {"range": [340, 430], "unit": "Cel", "scale": 10, "safer": "high"},
}
_SEVERITY: Final[Mapping[str, Any]] = {"range": [0, 10], "safer": "high"}


def text(words: str) -> dict[str, str]:
    """A text in the one language of the pack."""
    return {"en": words}


def title(name: str) -> str:
    """A name as words."""
    return name.replace("_", " ").replace("-", " ").capitalize()


def findings_file(vocabulary: Vocabulary, derived: Iterable[str]) -> dict[str, Any]:
    """``findings.yaml``."""
    lists = {name: link for link, members in tick_lists(vocabulary).items() for name in members}
    entries = [_boolean(vocabulary, EXERCISE, None)]
    entries += [_number(name) for name in (AGE, TEMPERATURE, *vocabulary.severities, *vocabulary.hours)]
    booleans = (*vocabulary.felt, *vocabulary.reliefs, *vocabulary.histories)
    entries += [_boolean(vocabulary, name, lists.get(name)) for name in booleans]
    entries += [_coded(name, "code", codes) for name, codes in vocabulary.choices.items()]
    entries += [_coded(name, "codes", codes) for name, codes in vocabulary.lists.items()]
    entries += [{"id": name, "type": "boolean", "title": text(title(name)), "derived": True} for name in derived]
    return {"findings": entries}


def _boolean(vocabulary: Vocabulary, name: str, tick_list: str | None) -> dict[str, Any]:
    asked = name == EXERCISE or name in vocabulary.histories
    found: dict[str, Any] = {
        "id": name,
        "type": "boolean",
        "title": text(title(name)),
        "unanswered": "ask" if asked else "escalate",
    }
    if name in vocabulary.flags:
        found["red_flag"] = True
    if name in vocabulary.gates:
        found["not_applicable"] = False
    own = {"link_id": _link(name), True: ["Y"], False: ["N"]}
    found["answers"] = [{"link_id": tick_list, True: [_link(name)]} if tick_list else own]
    return found


def _number(name: str) -> dict[str, Any]:
    found: dict[str, Any] = {"id": name, "type": "integer", "title": text(title(name)), "unanswered": "escalate"}
    source: dict[str, Any] = {"link_id": _link(name)}
    if "_hours" in name:
        source["values"] = _HOURS
        return {**found, "range": [0, 8760], "unit": "h", "answers": [source]}
    found |= {**_NUMBERS.get(name, _SEVERITY), "answers": [source]}
    if name == AGE:
        found["chart"] = [{"resource": "Patient", "element": "birthDate", "elapsed": "a"}]
    return found


def _coded(name: str, kind: str, codes: Iterable[str]) -> dict[str, Any]:
    source: dict[str, Any] = {"link_id": _link(name)}
    if kind == "codes":
        source["map"] = {"none": None}
    return {
        "id": name,
        "type": kind,
        "codes": [{"code": code, "title": text(title(code))} for code in codes],
        "title": text(title(name)),
        "unanswered": "escalate",
        "answers": [source],
    }


def _link(name: str) -> str:
    return name.replace("_", "-")


def questionnaire(vocabulary: Vocabulary) -> dict[str, Any]:
    """``questionnaire.json``: danger signs first, then numbers, descriptions and what advice depends on."""
    items = [_yes_no(vocabulary, EXERCISE)]
    items += [_yes_no(vocabulary, name) for name in vocabulary.felt if name in vocabulary.alone]
    items += [_choice(link, map(_link, members), several=True) for link, members in tick_lists(vocabulary).items()]
    items += [_limited(AGE, "integer", 0, 120), _limited(TEMPERATURE, "decimal", 34, 43)]
    items += [_limited(name, "integer", 0, 10) for name in vocabulary.severities]
    items += [_choice(_link(name), _HOURS) for name in vocabulary.hours]
    items += [_choice(_link(name), codes) for name, codes in vocabulary.choices.items()]
    items += [_choice(_link(name), codes, several=True) for name, codes in vocabulary.lists.items()]
    items.append({"linkId": "comment", "type": "text", "text": "Is there anything else?"})
    return {
        "resourceType": "Questionnaire",
        "id": "generated",
        "language": "en",
        "url": f"{URL}/Questionnaire/generated",
        "version": "0.1.0",
        "name": "Generated",
        "title": "Generated",
        "status": "draft",
        "subjectType": ["Patient"],
        "item": items,
    }


def _yes_no(vocabulary: Vocabulary, name: str) -> dict[str, Any]:
    options = [_option(_YES_NO, "Y", "Yes"), _option(_YES_NO, "N", "No"), _option(_NULL, "ASKU", "Not sure")]
    item = {"linkId": _link(name), "type": "choice", "text": f"{title(name)}?", "answerOption": options}
    if name in vocabulary.gates:
        yes = {"system": _YES_NO, "code": "Y"}
        gate = {"question": _link(vocabulary.gates[name]), "operator": "=", "answerCoding": yes}
        item["enableWhen"] = [gate]
    return item


def _choice(link: str, codes: Iterable[str], *, several: bool = False) -> dict[str, Any]:
    options = [_option(_ANSWERS, code, title(code)) for code in codes]
    last = _option(_NULL, "ASKU", "Not sure")
    if not several:
        return {"linkId": link, "type": "choice", "text": f"{title(link)}?", "answerOption": [*options, last]}
    exclusive = {"extension": [{"url": f"{_EXTENSION}questionnaire-optionExclusive", "valueBoolean": True}]}
    options += [exclusive | _option(_ANSWERS, "none", "None of these"), exclusive | last]
    return {"linkId": link, "type": "choice", "text": f"{title(link)}?", "repeats": True, "answerOption": options}


def _option(system: str, code: str, display: str) -> dict[str, Any]:
    return {"valueCoding": {"system": system, "code": code, "display": display}}


def _limited(name: str, kind: str, low: int, high: int) -> dict[str, Any]:
    value = f"value{kind.capitalize()}"
    limits = [{"url": f"{_EXTENSION}{key}", value: number} for key, number in (("minValue", low), ("maxValue", high))]
    return {"extension": limits, "linkId": _link(name), "type": kind, "text": f"{title(name)}?"}


def ordinary_patient(vocabulary: Vocabulary) -> dict[str, Any]:
    """A patient who answered every question that is shown, and has nothing that speaks against waiting."""
    booleans = (*vocabulary.felt, *vocabulary.histories)
    return {
        EXERCISE: "yes",
        AGE: 34,
        TEMPERATURE: 36.8,
        **dict.fromkeys(vocabulary.severities, 2),
        **dict.fromkeys(vocabulary.hours, 24),
        **{name: "no" for name in booleans if name not in vocabulary.gates},
        **dict.fromkeys(vocabulary.reliefs, "yes"),
        **{name: codes[0] for name, codes in vocabulary.choices.items()},
        **{name: [] for name in vocabulary.lists},
    }
