"""The words of the report that are the module's own; those that the cards have too are taken from there."""

from __future__ import annotations

from typing import Final

from cds.cards.words import Words
from cds.pack import Pack
from cds.pack.text import text_in

REPORT_WORDS: Final[dict[str, dict[str, str]]] = {
    "kicker": {"en": "Report of a batch run", "es": "Informe de una evaluación por lotes"},
    "sum": {
        "en": "{read} responses read = {assessed} assessed + {refused} refused",
        "es": "{read} respuestas leídas = {assessed} valoradas + {refused} rechazadas",
    },
    "not_all_clear_notice": {
        "en": "Incomplete, out of scope and refused are not all-clears: of these patients nobody knows that they are "
        "well. They are never to be counted as self-care, or left out.",
        "es": "Incompleto, fuera de alcance y rechazado no significan que todo esté bien: de estos pacientes nadie "
        "sabe que estén sanos. Nunca deben contarse como autocuidado ni dejarse fuera.",
    },
    "no_prevalence_notice": {
        "en": "Shares describe these rules and who answered. They are no prevalence of any disease.",
        "es": "Los porcentajes describen estas reglas y a quienes respondieron. No son la prevalencia de ninguna "
        "enfermedad.",
    },
    "outcomes": {"en": "Outcomes", "es": "Resultados"},
    "of_read": {"en": "Share of all responses read", "es": "Porcentaje de todas las respuestas leídas"},
    "of_assessed": {
        "en": "Shares are of the responses assessed. The longest bar is that of the first row.",
        "es": "Los porcentajes son de las respuestas valoradas. La barra más larga es la de la primera fila.",
    },
    "longest": {
        "en": "The longest bar is that of the question that is open most often.",
        "es": "La barra más larga es la de la pregunta que está abierta más veces.",
    },
    "responses": {"en": "responses", "es": "respuestas"},
    "share": {"en": "share", "es": "porcentaje"},
    "outcome": {"en": "outcome", "es": "resultado"},
    "refused_note": {"en": "not assessed, nothing is known", "es": "sin valorar, no se sabe nada"},
    "could_be": {"en": "could be up to", "es": "podría llegar a"},
    "calls_for": {"en": "calls all the same for", "es": "pide de todos modos"},
    "open": {"en": "Open questions", "es": "Preguntas abiertas"},
    "open_note": {
        "en": "A response is held back (incomplete) by a question whose answer could mean more urgent care; the other "
        "open questions could change a result that was given all the same. Each response counts once for each "
        "question. Where a question was hidden, an earlier answer may be what is missing.",
        "es": "Una pregunta retiene una respuesta (incompleta) si lo que se conteste podría pedir atención más "
        "urgente; las demás preguntas abiertas podrían cambiar un resultado que se dio de todos modos. Cada "
        "respuesta cuenta una vez por pregunta. Si una pregunta estaba oculta, puede faltar una respuesta anterior.",
    },
    "question": {"en": "question", "es": "pregunta"},
    "holds_back": {"en": "holds back", "es": "retiene"},
    "merely_open": {"en": "merely open", "es": "solo abierta"},
    "only_chart": {"en": "only the chart can tell", "es": "solo lo dice la historia clínica"},
    "rules": {"en": "Rules that fired most", "es": "Reglas que más se cumplieron"},
    "rules_note": {
        "en": "Rules that give a level. A response counts once for each rule that certainly fired, so the counts add "
        "up to more than the responses.",
        "es": "Reglas que dan un nivel. Una respuesta cuenta una vez por cada regla que se cumplió con certeza, así "
        "que las cuentas suman más que las respuestas.",
    },
    "rule": {"en": "rule", "es": "regla"},
    "other_rules": {"en": "Other rules that fired", "es": "Otras reglas que se cumplieron"},
    "other_rules_note": {
        "en": "Rules that give no level: they conclude, advise or block.",
        "es": "Reglas que no dan nivel: concluyen, aconsejan o impiden.",
    },
    "never_fired": {
        "en": "{count} of {all} rules fired in no response.",
        "es": "{count} de {all} reglas no se cumplieron en ninguna respuesta.",
    },
    "contradictions": {"en": "Contradictions", "es": "Contradicciones"},
    "contradictions_note": {
        "en": "In {count} of {assessed} responses assessed ({share}) answers and chart differ. The safer reading was "
        "used, and somebody should look.",
        "es": "En {count} de {assessed} respuestas valoradas ({share}) las respuestas y la historia clínica no "
        "coinciden. Se usó la lectura más segura, y alguien debería comprobarlo.",
    },
    "finding": {"en": "finding", "es": "hallazgo"},
    "charts": {"en": "Charts", "es": "Historias clínicas"},
    "charts_read": {
        "en": "{read} chart resources read, {refused} refused",
        "es": "{read} recursos de historias clínicas leídos, {refused} rechazados",
    },
    "with_chart": {
        "en": "{count} of {assessed} responses assessed ({share}) had a chart",
        "es": "{count} de {assessed} respuestas valoradas ({share}) tenían historia clínica",
    },
    "not_whole": {
        "en": "{count} of {assessed} responses assessed ({share}) have a chart that may not be whole: something could "
        "not be read, or the response names no patient",
        "es": "{count} de {assessed} respuestas valoradas ({share}) tienen una historia clínica que puede no estar "
        "entera: algo no se pudo leer, o la respuesta no nombra al paciente",
    },
    "files": {"en": "Input files not counted", "es": "Archivos de entrada no contados"},
    "empty": {"en": "there is no response in it", "es": "no contiene ninguna respuesta"},
    "left_alone": {"en": "left alone, as it holds other resources", "es": "no se leyó: contiene otros recursos"},
    "cited": {"en": "Sources of these rules", "es": "Fuentes de estas reglas"},
    "read_full": {"en": "read in full", "es": "leída entera"},
    "read_excerpt": {"en": "read in excerpts", "es": "leída en parte"},
    "read_abstract": {"en": "abstract read", "es": "leído el resumen"},
    "read_secondary": {"en": "read in a secondary source", "es": "leída en una fuente secundaria"},
    "read_not-read": {"en": "not read", "es": "no leída"},
    "unverified": {"en": "not yet verified against a source", "es": "aún sin comprobar con una fuente"},
    "none": {"en": "None.", "es": "Ninguna."},
    "and_more": {"en": "and {count} more", "es": "y {count} más"},
    "picture_of": {"en": "Bar charts of the outcomes", "es": "Gráficos de barras de los resultados"},
}


class ReportWords:
    """The words in one language; a language that the module does not speak gets English."""

    def __init__(self, pack: Pack, language: str) -> None:
        self._cards = Words(pack, language)
        self._language = language

    def __getitem__(self, name: str) -> str:
        """The word called ``name``, from here or from the cards."""
        return text_in(REPORT_WORDS[name], self._language) if name in REPORT_WORDS else self._cards[name]

    def as_count(self, count: int) -> str:
        """A count with a thin space between thousands, which every language reads alike."""
        return f"{count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")

    def as_share(self, count: int, whole: int) -> str:
        """A share in per cent. What is there is never 0, and what is missing from the whole never 100."""
        if not whole:
            return "-"
        tenths = round(1000 * count / whole)
        if count and not tenths:
            text = "<0.1"
        elif count < whole and tenths == 1000:
            text = ">99.9"
        else:
            text = f"{tenths // 10}.{tenths % 10}"
        comma = text.replace(".", ",") if self._language.partition("-")[0] == "es" else text
        return f"{comma}\N{NARROW NO-BREAK SPACE}%" if comma is not text else f"{text}%"
