"""What HTTP shows of growth, curves, pictures and moves."""

from pydantic import BaseModel

from careflow.planner.shown import CapacityView, MoneyView, Range, ShapeView


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


class BreakEvenView(BaseModel):
    """From how many AI tasks a month to how many an architecture is cheapest."""

    first: int
    last: int
    architecture: str
    cost_first: float
    cost_last: float
