"""The planner's answers as HTTP shows them: what ``careflow plan --json`` prints."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

Range = Annotated[list[float], Field(min_length=2, max_length=2)]
OpenRange = Annotated[list[float | None], Field(min_length=2, max_length=2)]
"""Two ends; null is open. Lists, since clients widen pairs of a schema to lists anyway."""


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


class WorkloadView(BaseModel):
    """What a clinic asks; what is null is derived from the number of users."""

    users: int
    concurrent: int | None
    requests_per_second: float | None
    visits_per_day: int | None
    documents_per_day: int | None
    ai_requests_per_month: int
    tokens_per_ai_request: int
    output_share: float
    cached_share: float
    thinking_tokens: int
    data_gb: float | None
    task_memory_gb: float
    task_seconds: float


class RequestView(BaseModel):
    """A workload with its constraints."""

    workload: WorkloadView
    stage: str | None
    budget: float | None
    uptime: float | None
    ai: str | None
    compliance: str
    months: int
    private_subnets: bool
    managed_redis: bool
    start: str | None


class GuideRowView(BaseModel):
    """A row of the guide's decision framework that applies."""

    table: str
    line: int
    recommend: list[str]
    careful: list[str]
    low: float | None
    high: float | None
    only_option: bool


class DecisionView(BaseModel):
    """The cheapest that meets every constraint, the next, and why each other one does not."""

    request: RequestView
    best: CandidateView | None
    runner_up: CandidateView | None
    gap: MoneyView | None
    fitting: list[CandidateView]
    rejected: list[CandidateView]
    nearest: CandidateView | None
    guide: list[GuideRowView]


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


class ChangeView(BaseModel):
    """A change of the question that changes the answer."""

    what: str
    answer: str | None
    sentence: str


class AdviceView(BaseModel):
    """Advice of the guide that is no architecture, with its price where one is held."""

    name: str
    text: str
    monthly: MoneyView | None
    line: int


class NodeView(BaseModel):
    """One box of a picture; ``rank`` is its distance from the internet."""

    id: str
    label: str
    rank: int
    count: int
    ours: bool


class DiagramView(BaseModel):
    """Boxes, and links from one id to another."""

    nodes: list[NodeView]
    links: list[list[str]]


class PictureView(BaseModel):
    """An architecture's shape and its picture."""

    shape: ShapeView
    diagram: DiagramView


class BandView(BaseModel):
    """What a tenth, half and nine tenths of simulated clinics pay at most."""

    p10: float
    p50: float
    p90: float


class BandsView(BaseModel):
    """Bands of each month and of the total."""

    runs: int
    seed: int
    months: list[BandView]
    total: BandView


class GroupView(BaseModel):
    """A part of a month's bill."""

    name: str
    amount: float


class CrossingView(BaseModel):
    """A threshold of the guide that is crossed."""

    sentence: str
    line: int
    leads_to: str


class MonthView(BaseModel):
    """One month of growth; its groups add up to the high end of its total."""

    month: int
    on: str
    users: int
    ai_requests_per_month: int
    architecture: str
    title: str
    size: str
    total: MoneyView
    groups: list[GroupView]
    moved: str
    crossings: list[CrossingView]
    guide: str


class GrowthView(BaseModel):
    """A pattern lived through."""

    pattern: str
    total: MoneyView
    months: list[MonthView]


class LivedView(GrowthView):
    """Growth with its cost bands."""

    bands: BandsView


class PlanAnswerView(BaseModel):
    """The recommendation and everything that stands behind it."""

    decision: DecisionView
    best: PricedCandidateView
    core: BillView
    deployed: BillView
    words: WordsView
    report: ReportView | None
    changes: list[ChangeView]
    advice: list[AdviceView]
    growth: GrowthView | None
    bands: BandsView | None
    diagram: DiagramView
    endings: list[str]
    age: str


class ColumnView(AboutView):
    """One architecture of a comparison."""

    capacity: CapacityView
    shape: ShapeView
    core: BillView
    deployed: BillView
    guide: MoneyView | None
    over_months: MoneyView
    availability: AvailabilityView
    violations: list[ViolationView]
    words: WordsView


class ComparisonView(BaseModel):
    """Architectures side by side."""

    columns: list[ColumnView]
    safeguards: list[ReportView]


class LatencyPointView(BaseModel):
    """Milliseconds at a load."""

    per_s: float
    mean_ms: float | None
    p95_ms: float | None


class CostPointView(BaseModel):
    """A bill for a number of users; null where they cannot be served."""

    users: int
    monthly: float | None
    size: str


class CostCurveView(BaseModel):
    """One architecture's bill over numbers of users."""

    architecture: str
    title: str
    points: list[CostPointView]


class CurvesView(BaseModel):
    """Latency over load of one shape, and bills over users of every architecture."""

    shape: ShapeView
    capacity: CapacityView
    p95_most_ms: int
    latency: list[LatencyPointView]
    cost: list[CostCurveView]


class StepView(BaseModel):
    """One step of a migration."""

    what: str
    command: str
    downtime_min: Range
    undo: str


class MigrationView(BaseModel):
    """A plan to move from one architecture to another."""

    before: ShapeView
    after: ShapeView
    steps: list[StepView]
    downtime_min: Range
    difficulty: str
    risk: str
    rollback_min: Range
    data: str
    cost_difference: Range
    guide: str
    checks: list[str]


class PhaseView(BaseModel):
    """One phase of the guide's progression."""

    number: int
    name: str
    architecture: str
    months: list[int | None]
    cost: Range
    users: Range
    downtime: str
    goal: str
    steps: list[str]
    line: int
    correction: str


class BreakEvenView(BaseModel):
    """From how many AI tasks a month to how many an architecture is cheapest."""

    first: int
    last: int
    architecture: str
    cost_first: float
    cost_last: float


class PriceView(BaseModel):
    """One price, its source and how old it is."""

    id: str
    service: str
    unit: str
    price: Range
    source: str
    source_url: str
    read_on: str
    age_days: int
    confidence: str
    starts: str | None
    ends: str | None
    note: str


class PricesView(BaseModel):
    """A catalogue: the prices of every day it knows."""

    catalog: str
    edition: str
    compiled: str
    currency: str
    regions: list[str]
    prices: list[PriceView]


class FigureView(BaseModel):
    """A figure of the guide; ``computed`` is what its parts give, null where it only states."""

    path: str
    text: str
    line: int
    range: OpenRange | None
    computed: OpenRange | None
    agrees: bool
    note: str | None
    today: str | None


class RowView(BaseModel):
    """A row of a table of the guide."""

    key: str
    label: str
    figures: list[FigureView]


class TableView(BaseModel):
    """A table of the guide."""

    id: str
    section: str
    lines: list[int]
    rows: list[RowView]
    total: FigureView | None = None


class IdentityView(BaseModel):
    """A sum, product or union that the guide implies, and whether its parts give it."""

    id: str
    kind: str
    formula: str
    holds: bool
    stated: list[float | None]
    computed: list[float | None]
    note: str | None


class GuideView(BaseModel):
    """The guide reproduced."""

    tables: list[TableView]
    identities: list[IdentityView]


class TermView(BaseModel):
    """A term and its meaning, as the guide explains it."""

    term: str
    meaning: str
