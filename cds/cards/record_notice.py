"""A card about what the recommendation rests on: a record that was not read in full, answers that are not of today."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final, NamedTuple

from cds.assessment import Decision
from cds.cards.cds_hooks import Card, CardMaker
from cds.pack.text import text_in

KINDS: Final[dict[str, dict[str, str]]] = {
    "QuestionnaireResponse": {"en": "earlier answers", "es": "respuestas anteriores"},
    "Patient": {"en": "age and sex", "es": "edad y sexo"},
    "Condition": {"en": "conditions", "es": "diagnósticos"},
    "MedicationRequest": {"en": "prescriptions", "es": "recetas"},
    "MedicationStatement": {"en": "medicines taken", "es": "medicamentos que toma"},
    "Observation": {"en": "measurements", "es": "mediciones"},
}
"""Resource types in the words of a clinician."""

_SUMMARY: Final = {
    "en": "The record was not read in full: check it before you rely on this result.",
    "es": "No se leyó toda la historia clínica: compruébela antes de confiar en este resultado.",
}
_OLD_SUMMARY: Final = {
    "en": "The answers are not of today: ask whether anything has changed.",
    "es": "Las respuestas no son de hoy: pregunte si algo ha cambiado.",
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
_OLD: Final = {
    "en": "The answers were given {days} days ago. Danger signs change faster than that.",
    "es": "Las respuestas se dieron hace {days} días. Los signos de alarma cambian más deprisa.",
}
_YESTERDAY: Final = {
    "en": "The answers were given a day ago. Danger signs can change faster than that.",
    "es": "Las respuestas se dieron hace un día. Los signos de alarma pueden cambiar más deprisa.",
}


class Notice(NamedTuple):
    """What a clinician should know of the sources of a result.

    ``failed``: resource types that could not be read, or only in part; ``absent``: types that nobody gave; ``days``:
    whole days since the questions were answered.
    """

    failed: frozenset[str]
    absent: frozenset[str]
    days: int = 0

    @property
    def needed(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.failed or self.absent or self.days)

    def card(self, maker: CardMaker, decision: Decision, language: str) -> Card:
        """The card. It names types of resources and days only, and is a warning where something failed."""
        pack = maker.pack
        source: dict[str, Any] = {"label": text_in(pack.cards.source.label, language)}
        if pack.cards.source.url:
            source["url"] = pack.cards.source.url
        summary = _SUMMARY if self.failed or self.absent else _OLD_SUMMARY
        name = f"record {sorted(self.failed)} {sorted(self.absent)} {self.days}"
        return {
            "uuid": maker.identifiers(decision, language).of(name),
            "summary": text_in(summary, language),
            "detail": "\n\n".join(self._lines(language)),
            "indicator": "warning" if self.failed else "info",
            "source": source,
        }

    def _lines(self, language: str) -> list[str]:
        lines = [
            text_in(text, language).format(kinds=_listed(kinds, language))
            for text, kinds in ((_FAILED, self.failed), (_ABSENT, self.absent))
            if kinds
        ]
        if lines:
            lines.append(text_in(_CHECK, language))
        if self.days:
            lines.append(text_in(_YESTERDAY if self.days == 1 else _OLD, language).format(days=self.days))
        return lines


def _listed(kinds: Collection[str], language: str) -> str:
    return ", ".join(text_in(KINDS.get(kind, {"en": kind}), language) for kind in sorted(kinds))
