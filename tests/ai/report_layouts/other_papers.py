"""Papers full of numbers that are no lab reports: nothing on them is a result."""

from __future__ import annotations

from tests.ai.report_layouts.paper import Sheet
from tests.ai.report_layouts.truth import Report, Truth

_LETTER = (
    "Kestrel Family Practice                               12 Orchard Way, Suite 410",
    "Tel (555) 014-6620   Fax (555) 014-6621                         March 18, 2026",
    "",
    "RE: Denise Harlow   DOB 05/14/1961   MRN K204419",
    "",
    "Dear Dr. Okafor,",
    "",
    "Thank you for seeing this 64 year old woman with 3 weeks of exertional chest",
    "tightness. She walks 2 miles a day and stops after about 10 minutes. In clinic",
    "her blood pressure was 148/92, pulse 84, weight 78 kg, height 165 cm.",
    "She takes lisinopril 20 mg daily, metformin 500 mg twice daily and aspirin 81 mg.",
    "Her cholesterol was last discussed in 2024 and she stopped smoking 12 years ago",
    "after 20 pack years. Her father had bypass surgery at 58.",
    "",
    "I would be grateful for your advice within 2 weeks. Her insurance reference is",
    "7714-2290-18 and she can be reached at (555) 014-8893 after 4 pm.",
    "",
    "With kind regards,",
    "",
    "Maria Delgado, MD       NPI 1739204418       License 44-77190",
)

_INVOICE = (
    ("Code", "Description", "Qty", "Unit price", "Amount"),
    ("85025", "Complete blood count", "1", "24.50", "24.50"),
    ("80053", "Metabolic panel", "1", "38.00", "38.00"),
    ("83036", "Hemoglobin A1c", "1", "29.75", "29.75"),
    ("36415", "Venipuncture", "2", "12.00", "24.00"),
    ("99000", "Specimen handling", "1", "8.25", "8.25"),
    ("", "Subtotal", "", "", "124.50"),
    ("", "Discount 10 %", "", "", "-12.45"),
    ("", "Balance due 04/15/2026", "", "", "112.05"),
)


def _letter() -> bytes:
    sheet = Sheet("letter", "Times", 11)
    for n, line in enumerate(_LETTER):
        sheet.text(60, 70 + n * 17, line)
    return sheet.pdf()


def _invoice() -> bytes:
    sheet = Sheet("letter", points=10)
    sheet.text(46, 60, "Tidewater Hospital Laboratory - Billing", size=15, bold=True)
    sheet.text(46, 84, "INVOICE 2026-04471    Date 03/20/2026    Account 77190")
    sheet.text(46, 100, "Bill to: Owen Petrakis, 88 Juniper Court, 30144    Tel (555) 014-2207")
    for n, cells in enumerate(_INVOICE):
        for x, cell in zip((46, 110, 320, 380, 470), cells, strict=True):
            sheet.text(x, 140 + n * 18, cell, bold=n == 0)
        sheet.line(40, 145 + n * 18, 560, 145 + n * 18, 0.4)
    sheet.text(46, 330, "Pay within 30 days. IBAN XX00 1447 7190 8812 0044. Tax ID 99-1447719.")
    return sheet.pdf()


def other_papers() -> list[Report]:
    nothing = Truth(None, None)
    return [
        Report("referral-letter", "others", _letter(), "application/pdf", nothing),
        Report("invoice", "others", _invoice(), "application/pdf", nothing),
    ]
