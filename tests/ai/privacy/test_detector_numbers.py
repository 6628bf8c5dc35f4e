"""Numbers, codes, addresses of the network and telephones."""

from __future__ import annotations

import pytest

from careflow.ai.privacy.detector import found_in
from tests.ai.privacy.shown import left


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("MRN#: (00-12-34)", "MRN"),
        ("Chart No (88123)", "MRN"),
        ("Pt ID: (A-4471)", "MRN"),
        ("Medical record number is (7781)", "MRN"),
        ("SSN (123-45-6789)", "SSN"),
        ("social security no. (123 45 6789)", "SSN"),
        ("Acct (99812-B)", "ACCOUNT"),
        ("Policy: (BX 123 456 C)", "PLAN"),
        ("member ID (XWB911114656)", "PLAN"),
        ("Medicare #(1EG4-TE5-MK73)", "PLAN"),
        ("NPI (1834701746)", "LICENSE"),
        ("DEA (AD5400917)", "LICENSE"),
        ("license no. (G 44121)", "LICENSE"),
        ("VIN (1HGCM82633A004352)", "VEHICLE"),
        ("license plate (7XYZ123)", "VEHICLE"),
        ("plate (LKB 4421)", "VEHICLE"),
        ("serial (4G-22-KLM)", "DEVICE"),
        ("s/n (4G-22-KLM)", "DEVICE"),
        ("UDI (01)00888812345678(17)250101(21)AB1234", "DEVICE"),
        ("fingerprint template (FP-9921)", "BIOMETRIC"),
        ("retina scan id (RT-22-91)", "BIOMETRIC"),
        ("Claim (7ZX-22)", "OTHER"),
        ("badge (4471)", "OTHER"),
        ("study ID (PRX-1001-07)", "OTHER"),
        ("accession (S23-4412)", "OTHER"),
        ("user (jdoe_88)", "OTHER"),
        ("write to (jane.d+x@mail.example.co.uk)", "EMAIL"),
        ("write to (jane [at] mail [dot] org)", "EMAIL"),
        ("see (https://portal.test/p/7?x=1)", "URL"),
        ("see (mychart.example.com/u/99)", "URL"),
        ("follow (@jane_doe)", "URL"),
        ("from (10.62.251.24)", "IP"),
        ("from (fe80::1ff:fe23:4567:890a)", "IP"),
        ("call ((555) 010-2233 ext. 7)", "PHONE"),
        ("call (555.010.2233)", "PHONE"),
        ("call (+44 20 7946 0958)", "PHONE"),
        ("call (1-800-555-0199)", "PHONE"),
        ("call (555-0142)", "PHONE"),
        ("pager (4471)", "PHONE"),
        ("dial (x4412)", "PHONE"),
        ("Fax: (748-555-2123)", "FAX"),
        ("NASS: (45 58257894 53)", "PLAN"),
        ("NHC: (5689724)", "MRN"),
        ("NºCol: (27 27 33541)", "LICENSE"),
        ("DNI (12345678Z)", "SSN"),
    ],
)
def test_a_number_is_found_whole_and_named(text: str, label: str) -> None:
    start, end = text.index("("), text.rindex(")")
    covered = {at for one in found_in(text) for at in range(one.start, one.end)}
    assert {at for at in range(start, end) if text[at].isalnum()} <= covered
    assert label in {one.label for one in found_in(text)}


def test_long_numbers_are_found_with_no_label() -> None:
    assert left("Ref to 88120934 and ENR-217743.") == "Ref to ▮ and ▮."


@pytest.mark.parametrize(
    "text",
    [
        "CPT 99214, ICD-10 E11.65, LOINC 2345-7, SNOMED 73211009, NCT01234567, PMID 31234567",
        "Plt 250000, HCG 125000 mIU/mL, WBC 12400, 5000 units, 1000 mL, 25000 IU, $1820.00",
        "CHA2DS2-VASc 3, HbA1c 7.1, CURB-65, COVID-19, B12, T4N2M1, L4-L5, SpO2 94%, 99mTc",
        "plan: 1. rest 2. fluids; group 3; stage 2; type 1; case of flu; visit 3 of 5",
        "RR 16, HR 72, SR 100 mg, PO 20 mg, CR 1.2, patient 45 yo, record high of 39.2",
        "a study of 1200 patients over 104 weeks, order 2 units, pump at 12 mL/h",
    ],
)
def test_measures_and_public_codes_stay(text: str) -> None:
    assert left(text) == text
