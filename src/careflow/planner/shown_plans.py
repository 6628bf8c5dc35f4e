"""What HTTP shows of a plan: the question, the decision, the answer and a comparison."""

from pydantic import BaseModel

from careflow.planner.shown import (
    AboutView,
    AvailabilityView,
    BillView,
    CandidateView,
    CapacityView,
    MoneyView,
    PricedCandidateView,
    ReportView,
    ShapeView,
    ViolationView,
    WordsView,
)
from careflow.planner.shown_growth import BandsView, DiagramView, GrowthView


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
