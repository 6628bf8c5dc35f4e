"""The synthetic clinic opens at any hour of the day, with all its visits."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from careflow.composition import open_platform
from careflow.database.documents import Query
from careflow.database.scope import organisation_scope
from careflow.demo.opening import open_clinic
from careflow.scheduling.finding import Wanted
from careflow.scheduling.wall import minutes_of
from tests.api.conftest import FAST_HASH, scratch_settings

MIDNIGHT = datetime(2026, 11, 24, tzinfo=ZoneInfo("America/New_York"))


@pytest.mark.parametrize("hour", [0, 9, 23])
async def test_the_clinic_opens_with_seventeen_visits_and_time_for_more(
    hour: int, tmp_path: Path
) -> None:
    now = MIDNIGHT + timedelta(hours=hour, minutes=30)
    platform = await open_platform(
        scratch_settings(tmp_path), synthetic=True, clock=lambda: now, password_cost=FAST_HASH
    )
    try:
        await open_clinic(platform, bytes(32))
        scope = organisation_scope(platform.organisation)
        page = await platform.documents.find(Query("Appointment", total=True), scope)
        found = await platform.visits.finder.find(Wanted("follow-up", after=minutes_of(now)))
    finally:
        await platform.close()
    assert page.total == 17
    assert len(found) == 3
