"""The words of the text output that are the module's own: headings, and names for what is no level of a pack."""

from __future__ import annotations

from typing import Final

from cds.pack import Pack
from cds.pack.text import text_in

WORDS: Final[dict[str, dict[str, str]]] = {
    "incomplete": {"en": "Incomplete", "es": "Incompleto"},
    "not_all_clear": {"en": "not an all-clear", "es": "no significa que todo esté bien"},
    "out-of-scope": {"en": "Out of scope", "es": "Fuera de alcance"},
    "not_covered": {"en": "this check does not cover the patient", "es": "esta consulta no abarca al paciente"},
    "refused": {"en": "Refused", "es": "Rechazado"},
    "not_assessed": {
        "en": "Not assessed: the input has faults, so nothing can be said about this patient.",
        "es": "Sin valorar: la entrada tiene errores y no se puede decir nada de este paciente.",
    },
    "already_certain": {"en": "Already certain", "es": "Ya es seguro"},
    "what_to_do": {"en": "What to do", "es": "Qué hacer"},
    "watch_for": {"en": "What to watch for", "es": "A qué debe estar atento"},
    "outside_scope": {"en": "Outside what this check covers", "es": "Fuera de lo que abarca esta consulta"},
    "urgency_all_the_same": {"en": "The answers also call for this", "es": "Las respuestas también piden esto"},
    "could_mean": {"en": "could raise this to", "es": "podría elevar el nivel a"},
    "could_leave_scope": {
        "en": "could mean that this check does not cover the patient",
        "es": "podría indicar que esta consulta no abarca al paciente",
    },
    "about": {"en": "about", "es": "sobre"},
    "answered": {"en": "answer", "es": "respuesta"},
    "in_chart": {"en": "record", "es": "historia clínica"},
    "contradiction_note": {
        "en": "The safer reading was used. Please check which is right.",
        "es": "Se usó la lectura más segura. Compruebe cuál es la correcta.",
    },
    "advised": {"en": "What helps", "es": "Lo que ayuda"},
    "rule": {"en": "rule", "es": "regla"},
    "sources": {"en": "Sources", "es": "Fuentes"},
    "unverified": {"en": "not yet verified against a source", "es": "aún sin comprobar con una fuente"},
    "pack": {"en": "Rule pack", "es": "Paquete de reglas"},
    "status_draft": {"en": "draft", "es": "borrador"},
    "status_active": {"en": "active", "es": "en vigor"},
    "status_retired": {"en": "retired", "es": "retirado"},
    "draft_pack": {
        "en": "These rules are a draft and are not approved for care.",
        "es": "Estas reglas son un borrador y no están aprobadas para la atención.",
    },
    "retired_pack": {
        "en": "These rules are retired and must not be used for care.",
        "es": "Estas reglas están retiradas y no deben usarse para la atención.",
    },
    "outcome": {"en": "Outcome", "es": "Resultado"},
    "patient": {"en": "Patient", "es": "Paciente"},
    "patients": {"en": "Patients", "es": "Pacientes"},
    "fired": {"en": "Rules that fired", "es": "Reglas que se cumplen"},
    "nearly": {"en": "What nearly fired", "es": "Reglas que casi se cumplen"},
    "nothing": {"en": "none", "es": "ninguna"},
    "undecided": {"en": "What could still fire", "es": "Reglas que aún podrían cumplirse"},
    "speaks_for": {"en": "spoke for it", "es": "a favor"},
    "blocked_by": {"en": "kept from firing by", "es": "lo impidió"},
    "open_on": {"en": "open", "es": "sin responder"},
    "rationale": {"en": "Rationale", "es": "Fundamento"},
    "concludes": {"en": "concludes", "es": "concluye"},
    "advises": {"en": "advises", "es": "aconseja"},
    "blocks": {"en": "blocks", "es": "impide"},
    "yes": {"en": "yes", "es": "sí"},
    "no": {"en": "no", "es": "no"},
    "unknown": {"en": "unknown", "es": "no se sabe"},
    "not-sure": {"en": "not sure", "es": "no lo sabe"},
    "unanswered": {"en": "not answered", "es": "sin respuesta"},
    "hidden": {"en": "not asked, not needed after the other answers", "es": "no se preguntó, no hacía falta"},
    "gate-open": {
        "en": "not asked, an earlier answer is missing",
        "es": "no se preguntó, falta una respuesta anterior",
    },
}

UNITS: Final[dict[str, dict[str, str]]] = {
    "a": {"en": "years", "es": "años"},
    "mo": {"en": "months", "es": "meses"},
    "wk": {"en": "weeks", "es": "semanas"},
    "d": {"en": "days", "es": "días"},
    "h": {"en": "hours", "es": "horas"},
    "min": {"en": "minutes", "es": "minutos"},
    "Cel": {"en": "°C", "es": "°C"},
}
"""UCUM codes in words; a code that is not here is shown as it is."""


class Words:
    """One language's words; a label of the pack with the same name wins."""

    def __init__(self, pack: Pack, language: str) -> None:
        self._labels = pack.cards.labels
        self._language = language

    def __getitem__(self, name: str) -> str:
        """The word called ``name``. A language that the module does not speak gets English."""
        if name in self._labels:
            return text_in(self._labels[name], self._language)
        return text_in(WORDS[name], self._language)

    def unit(self, code: str) -> str:
        """A unit in words, from its UCUM code."""
        return text_in(UNITS[code], self._language) if code in UNITS else code
