"""A real clinic's bookings and cancellations, replayed: nothing is refused without a reason."""

from __future__ import annotations

import pytest

from benchmarks.replay import replayed, rows_of
from careflow.database.documents import Documents
from tests.shared_data import shared

DATA = "data/scheduling/no-show-appointments-2016.csv.gz"


async def live(documents: Documents, count: int | None) -> None:
    rows = rows_of(shared(DATA), count)
    replay = await replayed(documents, rows)
    assert not replay.unexplained
    assert replay.refused > 0
    assert len(replay.booked) == len(rows) - len(rows) // 10


async def test_what_a_real_clinic_booked_is_refused_only_where_a_time_is_taken(
    documents: Documents, engine: str
) -> None:
    await live(documents, 500 if engine == "sqlite" else 120)


@pytest.mark.sweep
async def test_all_that_a_real_clinic_booked_is_refused_only_where_a_time_is_taken(
    documents: Documents, engine: str
) -> None:
    await live(documents, None if engine == "sqlite" else 2000)
