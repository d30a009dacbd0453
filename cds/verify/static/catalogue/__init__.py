"""Every static check. docs/pack-checks.md is made from this."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cds.verify.static.catalogue.check import Check
from cds.verify.static.catalogue.language import LANGUAGE
from cds.verify.static.catalogue.unused import UNUSED
from cds.verify.static.catalogue.upkeep import UPKEEP
from cds.verify.static.catalogue.vocabulary import VOCABULARY

__all__ = ["CHECKS", "Check"]

CHECKS: Final[Mapping[str, Check]] = {**UPKEEP, **LANGUAGE, **VOCABULARY, **UNUSED}
"""Check id to check, in the order in which they are documented."""
