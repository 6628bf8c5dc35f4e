"""The guide's decision framework, row by row: stage, budget, users, AI and compliance."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from careflow.errors import BadInputError

Stage = Literal["development", "mvp", "production", "enterprise"]
Rule = Literal["none", "hipaa", "gdpr", "soc2"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the framework.

    Attributes:
        table: Table and row of the guide.
        low: Lower end of a band, inclusive; ``high`` the upper, exclusive, None if open.
        recommend: Architectures by their key in the guide's tables, with its condition, and
            advice that is not an architecture.
        careful: What it warns of.
    """

    table: str
    line: int
    recommend: tuple[str, ...]
    careful: tuple[str, ...] = ()
    low: Decimal = Decimal(0)
    high: Decimal | None = None
    only_option: bool = False

    def holds(self, number: Decimal) -> bool:
        """Report whether a number falls into the band."""
        return self.low <= number and (self.high is None or number < self.high)


def _band(table: str, line: int, low: int, high: int | None, *recommend: str) -> Row:
    return Row(
        table, line, recommend, low=Decimal(low), high=None if high is None else Decimal(high)
    )


STAGES: dict[str, Row] = {
    "development": Row("decision_stage/development_testing", 1232, ("basic",)),
    "mvp": Row("decision_stage/mvp_soft_launch", 1237, ("production",)),
    "production": Row("decision_stage/production_with_ai", 1242, ("gemini",)),
    "enterprise": Row("decision_stage/enterprise_scale", 1247, ("ha",)),
}
BUDGETS = (
    _band("decision_budget/10_month", 1256, 0, 10, "basic (free tier)", "gemini (low AI usage)"),
    _band("decision_budget/10_30_month", 1260, 10, 30, "production", "gemini (medium AI usage)"),
    _band("decision_budget/30_50_month", 1264, 30, 50, "self_hosted_ai", "gemini (high AI usage)"),
    _band("decision_budget/50_150_month", 1268, 50, 150, "ha", "gemini + larger EC2"),
    _band("decision_budget/150_month", 1272, 150, None, "multi-region", "enhanced monitoring",
          "dedicated database clusters"),
)  # fmt: skip
USERS = (
    _band("decision_users/20_users", 1281, 0, 20, "basic"),
    _band("decision_users/20_100_users", 1284, 20, 100, "production"),
    _band("decision_users/100_500_users", 1287, 100, 500, "production", "gemini"),
    _band("decision_users/500_2_000_users", 1290, 500, 2_000, "gemini + larger EC2"),
    _band("decision_users/2_000_10_000_users", 1293, 2_000, 10_000, "ha"),
    _band("decision_users/10_000_users", 1296, 10_000, None, "multi-region", "CDN",
          "advanced caching"),
)  # fmt: skip
AI: dict[str, Row] = {
    "none": Row("decision_ai/no_ai_needed", 1303, ("basic", "production")),
    "basic": Row("decision_ai/basic_ai", 1306, ("gemini",)),
    "advanced": Row("decision_ai/advanced_ai", 1309, ("gemini",), only_option=True),
    "custom": Row(
        "decision_ai/custom_ai_models", 1312,
        ("self_hosted_ai (small models)", "SageMaker (larger)"),
    ),
    "private": Row(
        "decision_ai/privacy_critical_ai", 1316,
        ("self_hosted_ai", "gemini with anonymised data"),
    ),
}  # fmt: skip
COMPLIANCE: dict[str, Row] = {
    "none": Row("decision_compliance/no_specific_compliance", 1324, ("any",)),
    "hipaa": Row(
        "decision_compliance/hipaa_compliance", 1327, ("basic", "production", "self_hosted_ai"),
        ("gemini",),
    ),
    "soc2": Row("decision_compliance/soc_2_compliance", 1331, ("any",)),
    "gdpr": Row(
        "decision_compliance/gdpr_compliance", 1334, ("any",), ("gemini (EU patients)",)
    ),
}  # fmt: skip


def rows() -> tuple[Row, ...]:
    """Return all rows in the guide's order."""
    return (*STAGES.values(), *BUDGETS, *USERS, *AI.values(), *COMPLIANCE.values())


def by_stage(stage: str) -> Row:
    """Return the row of a stage."""
    return _named(STAGES, "stage", stage)


def by_ai(need: str) -> Row:
    """Return the row of an AI need."""
    return _named(AI, "AI need", need)


def by_compliance(rule: str) -> Row:
    """Return the row of a set of rules."""
    return _named(COMPLIANCE, "compliance", rule)


def by_budget(dollars_a_month: Decimal) -> Row:
    """Return the row of a monthly budget; bands hold their lower end."""
    return next(row for row in BUDGETS if row.holds(dollars_a_month))


def by_users(users: int) -> Row:
    """Return the row of a number of users; bands hold their lower end."""
    return next(row for row in USERS if row.holds(Decimal(users)))


def _named(known: dict[str, Row], what: str, name: str) -> Row:
    if name not in known:
        raise BadInputError(f"There is no {what} {name!r}: use one of {', '.join(known)}.")
    return known[name]
