"""What HTTP shows of bills, sizes and safeguards: what ``careflow plan --json`` prints."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

Range = Annotated[list[float], Field(min_length=2, max_length=2)]
"""Two ends. A list, since clients widen pairs of a schema to lists anyway."""


class MoneyView(BaseModel):
    """An amount between two ends, which are equal where it is one."""

    low: float
    high: float
    currency: str


class ShapeView(BaseModel):
    """An architecture with its sizes chosen; ``text`` says them in words."""

    architecture: str
    title: str
    instance: str
    instances: int
    disk_gb: int
    database_tier: str
    model: str | None
    hipaa: bool
    private_subnets: bool
    text: str


class LineView(BaseModel):
    """One line of a bill, with where its price was read and when."""

    item: str
    group: Literal["compute", "database", "network", "AI", "safeguards"]
    label: str
    why: str
    quantity: float
    unit: str
    amount: MoneyView
    source: str
    source_url: str
    read_on: str
    confidence: str


class BillView(BaseModel):
    """A month's bill: the core counts what the guide counts, the deployed everything billable."""

    scope: Literal["core", "deployed"]
    catalog: str
    on: str
    total: MoneyView
    lines: list[LineView]
    not_priced: list[str]


class HorizonView(BaseModel):
    """Months of one shape: their sum, the dearest, and the high end of each."""

    months: int
    total: MoneyView
    dearest: MoneyView
    monthly: list[list[str | float]]


class CapacityView(BaseModel):
    """What a shape does in the busiest minutes."""

    asked_per_s: float
    carries_per_s: float
    busy: float
    p95_ms: float | None
    memory_mb: float
    memory_needed_mb: float
    ai_per_hour: float | None
    credit_hours_left: float | None
    problems: list[str]
    claim: str


class AvailabilityView(BaseModel):
    """Percent of the time that the platform, and its AI, can be used, by arithmetic."""

    platform: float
    with_ai: float
    minutes_down: float
    sentence: str


class ViolationView(BaseModel):
    """One constraint that is not met, and how far it is missed."""

    constraint: str
    sentence: str
    short: float


class AboutView(BaseModel):
    """What an architecture is, in words."""

    architecture: str
    number: str
    title: str
    ai: Literal["none", "local", "lambda", "gemini"]
    privacy: str
    maintenance: str
    complexity: str
    effort_hours: Range
    when_the_box_dies: str


class CandidateView(AboutView):
    """One architecture at its best size, beside what is asked."""

    shape: ShapeView
    fits: bool
    violations: list[ViolationView]
    monthly: MoneyView
    horizon: HorizonView
    capacity: CapacityView
    availability: AvailabilityView


class PricedCandidateView(CandidateView):
    """A candidate with the lines of its bills."""

    core: BillView
    deployed: BillView


class WordsView(BaseModel):
    """The guide's words of an architecture and of its way to run AI."""

    lines: list[int]
    use_cases: list[str]
    advantages: list[str]
    disadvantages: list[str]
    when_to_upgrade: list[str]
    can: list[str]
    cannot: list[str]
    limits: list[str]
    good_for: list[str]
    not_good_for: list[str]
    requirements: list[str]


class SafeguardView(BaseModel):
    """One thing that a rule asks, and whether anything shows it."""

    id: str
    rule: str
    text: str
    evidence_from: str
    state: Literal["shown", "planned", "not shown"]
    evidence: str
    guide_item: int | None


class GuideLineView(BaseModel):
    """A line of the guide about safeguards, what covers it and what else is true."""

    text: str
    line: int
    covered_by: list[str]
    correction: str


class RouteView(BaseModel):
    """Whether patient data may take an AI route."""

    route: str
    baa: bool | None
    patient_data: str


class ReportView(BaseModel):
    """One set of rules beside one shape."""

    rules: str
    shape: ShapeView
    safeguards: list[SafeguardView]
    checklist: list[GuideLineView]
    included: list[GuideLineView]
    eligible: list[GuideLineView]
    advice: list[GuideLineView]
    routes: list[RouteView]
    source: str
    source_url: str
    read_on: str
