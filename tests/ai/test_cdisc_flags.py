"""The whole task against real, de-identified laboratory rows with their own flags."""

from __future__ import annotations

import csv
import gzip
from collections import Counter

from careflow.ai.task import Given, GivenResult
from careflow.ai.tasks.lab_results import read_by_rules
from tests.shared_data import shared

AGREE_SHARE = 0.995


def test_flags_agree_with_the_laboratorys_own_on_real_rows() -> None:
    with gzip.open(shared("data/labs/cdisc-pilot-lb.csv.gz"), "rt") as opened:
        rows = [row for row in csv.DictReader(opened) if row["LBORNRLO"] or row["LBORNRHI"]]
    given = [
        GivenResult(
            row["LBTEST"],
            row["LBORRES"],
            row["LBORRESU"] or None,
            row["LBORNRLO"] or None,
            row["LBORNRHI"] or None,
        )
        for row in rows
    ]

    answered = read_by_rules(Given(results=given)).output.rows

    ours = [(one.flag or "").removeprefix("CRITICAL_") for one in answered]
    theirs = [row["LBNRIND"] for row in rows]
    wrong = Counter(pair for pair in zip(ours, theirs, strict=True) if pair[0] != pair[1])
    assert len(rows) > 9000
    assert 1 - wrong.total() / len(rows) >= AGREE_SHARE, wrong.most_common(5)
