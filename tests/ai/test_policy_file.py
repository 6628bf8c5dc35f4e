from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from careflow.ai.governor.prices import Rate
from careflow.ai.governor.quota import Limits
from careflow.ai.policy import Rule
from careflow.ai.policy_file import OperatorsPolicy, PolicyFileError, read_policy

WHOLE = """
devices = true
[[allow]]
engine = "gemini:vertex"
tasks = ["appointment-summary"]
data = "identifiable"
attested_by = "Ada Okafor"
attested_on = 2026-11-01
agreement = "BAA of 2026-10-30"
attested_text = "1"
[limits."gemini/gemini-3.8-flash"]
requests_minute = 15
[budgets]
clinic = 50
user = 0.5
tasks = { treatment-plan = 10.25 }
[prices.own]
input = 0.5
output = 2
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_policy_is_read_whole(tmp_path: Path) -> None:
    policy = read_policy(written(tmp_path, WHOLE))

    assert policy.rules == (
        Rule(
            "gemini:vertex",
            ("appointment-summary",),
            "identifiable",
            "Ada Okafor",
            date(2026, 11, 1),
            "BAA of 2026-10-30",
            "1",
        ),
    )
    assert policy.allows_devices
    assert policy.limits == {"gemini/gemini-3.8-flash": Limits(requests_minute=15)}
    assert (policy.budgets.clinic, policy.budgets.user) == (50_000_000, 500_000)
    assert policy.budgets.tasks == {"treatment-plan": 10_250_000}
    assert policy.rates == {"own": Rate(Decimal("0.5"), Decimal("0.5"), Decimal(2))}


def test_without_a_file_nothing_is_allowed() -> None:
    assert read_policy(None) == OperatorsPolicy()


@pytest.mark.parametrize(
    "text",
    [
        "allow = 3",
        "[[allow]]\nengine = 'x'\ndata = 'identifiable'",
        "[[allow]]\nengine = 'x'\ndata = 'all'\nattested_by = 'me'\nattested_on = 2026-01-01",
        "[limits.x]\nrequests_minute = 0",
        "[limits.x]\nrequests_hour = 1",
        "[budgets]\nclinic = 'much'",
        "not toml",
        "surprise = 1",
    ],
)
def test_half_a_policy_is_none(tmp_path: Path, text: str) -> None:
    with pytest.raises(PolicyFileError, match=r"policy\.toml"):
        read_policy(written(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PolicyFileError, match="No such file"):
        read_policy(tmp_path / "nowhere.toml")
