"""Clinical decision support with rules as data: FHIR questionnaire answers in, CDS Hooks cards out.

>>> from cds import DecisionSupport, default_pack
>>> support = DecisionSupport.load(default_pack())
>>> support.pack.id
'exercise-low-back-pain'
"""

from cds.assessment import Assessment, Decision
from cds.decision_support import DecisionSupport
from cds.engine import EngineFault
from cds.intake import IntakeError
from cds.pack import Pack, PackError, load_pack
from cds.shipped import default_pack, shipped_packs

__all__ = [
    "Assessment",
    "Decision",
    "DecisionSupport",
    "EngineFault",
    "IntakeError",
    "Pack",
    "PackError",
    "default_pack",
    "load_pack",
    "shipped_packs",
]
