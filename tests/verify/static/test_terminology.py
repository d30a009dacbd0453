"""Codes: their form, and for ICD-10-CM whether they exist."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from cds import shipped_packs
from cds.pack import load_pack
from cds.verify.static.code_forms import form_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it reads its data by a deprecated function
    import simple_icd_10_cm as icd

OWN = "https://example.org/fhir/pack"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"


@pytest.mark.parametrize("folder", shipped_packs(), ids=lambda folder: folder.name)
def test_icd_codes_of_what_ships_exist(folder: Path) -> None:
    pack = load_pack(folder)
    codes = {code for pairs in pack.value_sets.values() for system, code in pairs if system == ICD}
    codes |= {entry.code for finding in pack.findings.values() for entry in finding.coding if entry.system == ICD}
    assert [code for code in sorted(codes) if not icd.is_valid_item(code)] == []


def test_every_icd_category_and_code_has_the_form() -> None:
    form = form_of(ICD, OWN)
    assert form is not None
    items = [code for code in icd.get_all_codes(with_dots=True) if icd.is_category_or_subcategory(code)]
    assert len(items) > 90_000
    assert [code for code in items if not form.fullmatch(code)] == []


@pytest.mark.parametrize(
    ("system", "code", "fits"),
    [
        ("http://snomed.info/sct", "267036007", True),
        ("http://snomed.info/sct", "0267036007", False),
        ("http://snomed.info/sct", "R06.0", False),
        ("http://loinc.org", "98979-8", True),
        ("http://loinc.org", "LA15173-0", True),
        ("http://loinc.org", "98979", False),
        (ICD, "M54.50", True),
        (ICD, "M5450", False),
        (ICD, "m54.5", False),
        ("http://www.nlm.nih.gov/research/umls/rxnorm", "11289", True),
        ("http://www.nlm.nih.gov/research/umls/rxnorm", "warfarin", False),
        ("http://www.whocc.no/atc", "M01AE01", True),
        ("http://www.whocc.no/atc", "M1AE01", False),
        ("http://terminology.hl7.org/CodeSystem/v2-0136", "Y", True),
        ("http://terminology.hl7.org/CodeSystem/v2-0136", " Y", False),
        (f"{OWN}/CodeSystem/answers", "dry", True),
    ],
)
def test_forms(system: str, code: str, fits: bool) -> None:
    form = form_of(system, OWN)
    assert form is not None
    assert bool(form.fullmatch(code)) is fits


@pytest.mark.parametrize("system", ["", "http://loinc.org/", "https://loinc.org", f"{OWN}s/answers", f"{ICD}0"])
def test_unknown_systems(system: str) -> None:
    assert form_of(system, OWN) is None
