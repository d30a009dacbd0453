"""The pack ``ottawa-ankle`` against the published criteria, written here a second time, for every examination."""

from __future__ import annotations

from itertools import product

from cds import DecisionSupport, default_pack, shipped_packs
from cds.pack import Selection
from cds.verify import load_patients

FOLDER = next(folder for folder in shipped_packs() if folder.name == "ottawa-ankle")
SUPPORT = DecisionSupport.load(FOLDER)
BASE = load_patients(SUPPORT.pack)["ordinary-sprain"]
SITES = [frozenset(site) for site in (["ankle"], ["midfoot"], ["ankle", "midfoot"])]
SIGNS = (
    "lateral_tender",
    "medial_tender",
    "fifth_metatarsal_tender",
    "navicular_tender",
    "cannot_walk_now",
    "could_not_walk_then",
)


def _published(site: frozenset[str], signs: dict[str, bool]) -> str:
    """The X-rays that the rules ask for."""
    lame = signs["cannot_walk_now"] and signs["could_not_walk_then"]
    ankle = "ankle" in site and (signs["lateral_tender"] or signs["medial_tender"] or lame)
    foot = "midfoot" in site and (signs["fifth_metatarsal_tender"] or signs["navicular_tender"] or lame)
    return {(True, True): "both", (True, False): "ankle", (False, True): "foot", (False, False): "none"}[ankle, foot]


def test_every_examination_gets_the_x_rays_that_the_published_rules_ask_for() -> None:
    for site, present in product(SITES, product((True, False), repeat=len(SIGNS))):
        signs = dict(zip(SIGNS, present, strict=True))
        assessment = SUPPORT.assessor.assess({**BASE, "pain_site": Selection(site), **signs})
        fired = [rule.id for rule in assessment.fired if rule.id.startswith("imaging.")]
        wanted = _published(site, signs)
        assert fired == [f"imaging.{wanted}"], (site, signs)
        if wanted != "none":
            assert assessment.outcome == "same-day"
        elif not any(present[:5]):
            assert assessment.outcome == "self-care"


def test_the_pack_is_data_alone() -> None:
    assert {file.suffix for file in FOLDER.rglob("*") if file.is_file()} == {".yaml", ".json"}


def test_it_does_not_become_the_default() -> None:
    assert default_pack().name == "exercise-low-back-pain"
