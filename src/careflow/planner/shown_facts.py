"""What HTTP shows of the facts behind a plan: prices, the guide, its phases and its terms."""

from typing import Annotated

from pydantic import BaseModel, Field

from careflow.planner.shown import Range

OpenRange = Annotated[list[float | None], Field(min_length=2, max_length=2)]
"""Two ends; null is open."""


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
