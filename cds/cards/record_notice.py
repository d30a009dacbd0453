"""A card that says that the record was not read, or not all of it: the recommendation rests on less than it could."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from cds.assessment import Decision
from cds.cards.cds_hooks import Card, CardMaker
from cds.pack.text import text_in

KINDS: Final[dict[str, dict[str, str]]] = {
    "Patient": {"en": "age and sex", "es": "edad y sexo"},
    "Condition": {"en": "conditions", "es": "diagnósticos"},
    "MedicationRequest": {"en": "prescriptions", "es": "recetas"},
    "MedicationStatement": {"en": "medicines taken", "es": "medicamentos que toma"},
    "Observation": {"en": "measurements", "es": "mediciones"},
}
"""Resource types in the words of a clinician."""

_SUMMARY: Final = {
    "en": "The record was not read in full: this result rests on the answers.",
    "es": "No se leyó toda la historia clínica: el resultado se basa en las respuestas.",
}
_FAILED: Final = {
    "en": "Could not be read from the record, or not all of it: {kinds}.",
    "es": "No se pudo leer de la historia clínica, o no todo: {kinds}.",
}
_ABSENT: Final = {
    "en": "Not given by the record: {kinds}.",
    "es": "La historia clínica no facilitó: {kinds}.",
}
_CHECK: Final = {
    "en": "What stands there may make this more urgent, or rule out advice. Please check the record.",
    "es": "Lo que conste allí puede aumentar la urgencia o desaconsejar un consejo. Compruebe la historia clínica.",
}


def record_notice(
    maker: CardMaker, decision: Decision, language: str, failed: Collection[str], absent: Collection[str]
) -> Card:
    """The card for resource types that could not be read (``failed``: a warning) or were not given (``absent``).

    It names resource types only, never what stands in them.
    """
    lines = [
        text_in(text, language).format(kinds=_listed(kinds, language))
        for text, kinds in ((_FAILED, failed), (_ABSENT, absent))
        if kinds
    ]
    pack = maker.pack
    source: dict[str, Any] = {"label": text_in(pack.cards.source.label, language)}
    if pack.cards.source.url:
        source["url"] = pack.cards.source.url
    return {
        "uuid": maker.identifiers(decision, language).of(f"record {sorted(failed)} {sorted(absent)}"),
        "summary": text_in(_SUMMARY, language),
        "detail": "\n\n".join([*lines, text_in(_CHECK, language)]),
        "indicator": "warning" if failed else "info",
        "source": source,
    }


def _listed(kinds: Collection[str], language: str) -> str:
    return ", ".join(text_in(KINDS.get(kind, {"en": kind}), language) for kind in sorted(kinds))
