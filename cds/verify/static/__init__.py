"""Static checks of a pack: what can be told from its files alone, without a proof and without a patient."""

from cds.verify.static.catalogue import CHECKS, Check
from cds.verify.static.run import static_issues

__all__ = ["CHECKS", "Check", "static_issues"]
