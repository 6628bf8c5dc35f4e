"""Jobs are queued with their cause, run by one worker at a time, and done once in effect."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from careflow.database.documents import Append, Documents, Entries, Put
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.errors import UnavailableError, UnprocessableError
from careflow.ids import Mint
from careflow.jobs.errors import JobMissingError
from careflow.jobs.every import Every
from careflow.jobs.job import Handler, Job
from careflow.jobs.progress import report_progress
from careflow.jobs.queue import JobQueue, queue
from careflow.jobs.retrying import Backoff
from tests.jobs.conftest import SetClock

HARBOUR = "harbour"
LEASE = timedelta(minutes=1)
QueueOf = Callable[..., JobQueue]
Ask = Callable[..., Any]


@pytest.fixture
def queue_of(documents: Documents, clock: SetClock) -> QueueOf:
    """Return a queue with these handlers, as another process would have it."""

    def make(handlers: Mapping[str, Handler], *, worker: str = "one", **settings: Any) -> JobQueue:
        return JobQueue(
            documents,
            handlers,
            organisation=HARBOUR,
            clock=clock,
            worker=worker,
            lease=settings.pop("lease", LEASE),
            backoff=Backoff(jitter=lambda: 0.0),
            **settings,
        )

    return make


@pytest.fixture
def ask(documents: Documents, clock: SetClock, mint: Mint) -> Ask:
    """Queue a job in a commit of its own."""

    async def queued(name: str = "notes.write", **more: Any) -> Job:
        async with Work(documents) as work:
            return queue(
                work, name, {"note": "n1"}, organisation=HARBOUR, clock=clock, mint=mint, **more
            )

    return queued


async def note_count(documents: Documents) -> int:
    """Return how often the effect of a handler was stored."""
    return len(await documents.stream("notes", HARBOUR))


def stage_note(work: Work) -> None:
    work.append(Append(HARBOUR, "notes", b"written"))


async def write_note(job: Job, work: Work) -> Mapping[str, Any] | None:
    stage_note(work)
    return {"attempt": job.attempt}


async def test_a_job_is_done_and_tells_its_result(
    documents: Documents, queue_of: QueueOf, ask: Ask
) -> None:
    jobs = queue_of({"notes.write": write_note})
    job = await ask(actor="nia")

    assert await jobs.run_once()

    done = await jobs.get(job.id, HARBOUR)
    assert (done.state, done.result, done.progress) == ("done", {"attempt": 1}, 1.0)
    assert (done.actor, done.arguments) == ("nia", {"note": "n1"})
    assert await note_count(documents) == 1
    assert not await jobs.run_once()


async def test_a_job_whose_cause_was_not_stored_does_not_exist(
    documents: Documents, queue_of: QueueOf, clock: SetClock
) -> None:
    jobs = queue_of({"notes.write": write_note})

    async def cause() -> None:
        async with Work(documents) as work:
            queue(work, "notes.write", {}, organisation=HARBOUR, clock=clock, mint=lambda: "j1")
            raise UnprocessableError("The cause broke a rule.")

    with pytest.raises(UnprocessableError):
        await cause()

    assert not await jobs.run_once()
    with pytest.raises(JobMissingError):
        await jobs.get("j1", HARBOUR)


async def test_jobs_run_in_the_order_they_are_due(
    queue_of: QueueOf, ask: Ask, clock: SetClock
) -> None:
    order = []

    async def remember(job: Job, work: Work) -> None:
        order.append(job.id)

    jobs = queue_of({"notes.write": remember})
    later = await ask(run_at=clock() + timedelta(minutes=2))
    sooner = await ask(run_at=clock() + timedelta(minutes=1))
    at_once = await ask()

    while await jobs.run_once():
        pass
    assert order == [at_once.id]
    clock.move(minutes=5)
    while await jobs.run_once():
        pass

    assert order == [at_once.id, sooner.id, later.id]


async def test_two_workers_on_one_store_run_a_job_once(
    documents: Documents, queue_of: QueueOf, ask: Ask
) -> None:
    queues = [queue_of({"notes.write": write_note}, worker=f"worker-{n}") for n in range(4)]
    for _ in range(10):
        await ask()

    async def drain(jobs: JobQueue) -> int:
        ran = 0
        while await jobs.run_once():
            ran += 1
        return ran

    ran = await asyncio.gather(*(drain(jobs) for jobs in queues))

    assert sum(ran) == 10
    assert await note_count(documents) == 10


async def test_a_worker_that_dies_midway_leaves_no_effect_and_another_does_the_job(
    documents: Documents, queue_of: QueueOf, ask: Ask, clock: SetClock
) -> None:
    begun = asyncio.Event()

    async def dies(job: Job, work: Work) -> None:
        stage_note(work)
        begun.set()
        await asyncio.Event().wait()

    dead, alive = queue_of({"notes.write": dies}), queue_of({"notes.write": write_note})
    job = await ask()
    lease = await dead._taker.take()
    assert lease is not None
    dying = asyncio.create_task(dead._runner._handle(lease, Work(documents)))
    await begun.wait()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)

    assert not await alive.run_once()
    clock.move(minutes=2)
    assert await alive.run_once()

    done = await alive.get(job.id, HARBOUR)
    assert (done.state, done.attempt) == ("done", 2)
    assert await note_count(documents) == 1


async def test_a_worker_that_was_overtaken_stores_nothing(
    documents: Documents, queue_of: QueueOf, ask: Ask, clock: SetClock
) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(job: Job, work: Work) -> dict[str, str]:
        stage_note(work)
        begun.set()
        await go_on.wait()
        return {"by": "slow"}

    async def quick(job: Job, work: Work) -> dict[str, str]:
        stage_note(work)
        return {"by": "quick"}

    job = await ask()
    overtaken = asyncio.create_task(queue_of({"notes.write": slow}, worker="slow").run_once())
    await begun.wait()
    clock.move(hours=1)  # The clock jumps: to everyone else the lease has run out.
    jobs = queue_of({"notes.write": quick}, worker="quick")
    assert await jobs.run_once()
    go_on.set()
    await overtaken

    done = await jobs.get(job.id, HARBOUR)
    assert (done.state, done.result) == ("done", {"by": "quick"})
    assert await note_count(documents) == 1


async def test_a_clock_that_jumps_back_runs_nothing_twice(
    documents: Documents, queue_of: QueueOf, ask: Ask, clock: SetClock
) -> None:
    jobs = queue_of({"notes.write": write_note})
    await ask()
    await jobs.run_once()
    clock.move(days=-1)

    assert not await jobs.run_once()
    clock.move(days=2)
    assert not await jobs.run_once()

    assert await note_count(documents) == 1


async def test_a_long_job_is_kept_by_its_worker(
    documents: Documents, queue_of: QueueOf, ask: Ask, clock: SetClock
) -> None:
    reported, go_on = asyncio.Event(), asyncio.Event()

    async def long(job: Job, work: Work) -> None:
        stage_note(work)
        clock.move(seconds=50)
        await report_progress(0.25)
        clock.move(seconds=50)
        reported.set()
        await go_on.wait()

    jobs = queue_of({"notes.write": long})
    job = await ask()
    running = asyncio.create_task(jobs.run_once())
    await reported.wait()

    assert not await queue_of({"notes.write": write_note}, worker="other").run_once()
    assert (await jobs.get(job.id, HARBOUR)).progress == 0.25
    go_on.set()
    await running
    assert (await jobs.get(job.id, HARBOUR)).state == "done"
    assert await note_count(documents) == 1


async def test_a_job_that_says_nothing_is_kept_by_the_beat_of_its_worker(
    documents: Documents, queue_of: QueueOf, ask: Ask, clock: SetClock
) -> None:
    go_on = asyncio.Event()

    async def silent(job: Job, work: Work) -> None:
        await go_on.wait()

    jobs = queue_of({"notes.write": silent}, lease=timedelta(milliseconds=300))
    job = await ask()
    running = asyncio.create_task(jobs.run_once())
    versions = 0
    async for document in documents.watch(frozenset({"job"}), HARBOUR, after=0):
        versions = document.version
        if versions >= 4:
            break
    go_on.set()
    await running

    assert versions >= 4
    assert (await jobs.get(job.id, HARBOUR)).state == "done"


async def test_a_worker_that_lost_its_job_stops_working_on_it(
    queue_of: QueueOf, ask: Ask, clock: SetClock
) -> None:
    begun, stopped = asyncio.Event(), asyncio.Event()

    async def endless(job: Job, work: Work) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    await ask()
    slow = queue_of({"notes.write": endless}, lease=timedelta(milliseconds=30))
    losing = asyncio.create_task(slow.run_once())
    await begun.wait()
    quick = queue_of({"notes.write": write_note}, worker="quick")
    while not await quick.run_once():
        clock.move(minutes=1)

    await losing
    assert stopped.is_set()


async def test_what_time_may_heal_is_tried_again_after_longer_and_longer_pauses(
    documents: Documents, queue_of: QueueOf, ask: Ask, clock: SetClock
) -> None:
    async def fails(job: Job, work: Work) -> None:
        stage_note(work)
        raise UnavailableError("The scanner does not answer.")

    jobs = queue_of({"notes.write": fails})
    job = await ask(attempts_max=3)
    pauses = []
    while (now := await jobs.get(job.id, HARBOUR)).state == "queued":
        assert await jobs.run_once()
        after = await jobs.get(job.id, HARBOUR)
        if after.state == "queued":
            pauses.append((after.run_at - clock()).total_seconds())
            assert not await jobs.run_once()
            clock.now = after.run_at

    assert pauses == [1.0, 2.0]
    assert (now.state, now.attempt, now.error) == ("failed", 3, "unavailable")
    assert await note_count(documents) == 0


async def test_a_retry_that_succeeds_forgets_the_error(queue_of: QueueOf, ask: Ask) -> None:
    async def second_time_lucky(job: Job, work: Work) -> None:
        if job.attempt == 1:
            raise UnavailableError("Not yet.")

    jobs = queue_of({"notes.write": second_time_lucky})
    job = await ask()
    await jobs.run_once()
    jobs._clock.move(minutes=1)  # type: ignore[attr-defined]
    await jobs.run_once()

    done = await jobs.get(job.id, HARBOUR)
    assert (done.state, done.attempt, done.error) == ("done", 2, None)


async def test_wrong_input_fails_at_once(queue_of: QueueOf, ask: Ask) -> None:
    async def refuses(job: Job, work: Work) -> None:
        raise UnprocessableError("It breaks a rule.")

    jobs = queue_of({"notes.write": refuses})
    job = await ask()
    await jobs.run_once()

    failed = await jobs.get(job.id, HARBOUR)
    assert (failed.state, failed.attempt, failed.error) == ("failed", 1, "unprocessable")


async def test_a_bug_in_a_handler_is_logged_without_its_words(
    queue_of: QueueOf, ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(job: Job, work: Work) -> None:
        raise ValueError("Zebulon Canary has no such value")

    jobs = queue_of({"notes.write": broken})
    job = await ask(attempts_max=1)
    with caplog.at_level(logging.DEBUG):
        await jobs.run_once()

    failed = await jobs.get(job.id, HARBOUR)
    assert (failed.state, failed.error) == ("failed", "jobs-handler-broken")
    written = " ".join(str(vars(line)) for line in caplog.records)
    assert "ValueError" in written
    assert "Zebulon" not in written


async def test_a_result_that_cannot_be_kept_is_a_bug_and_stores_nothing(
    documents: Documents, queue_of: QueueOf, ask: Ask
) -> None:
    async def odd(job: Job, work: Work) -> dict[str, object]:
        stage_note(work)
        return {"thing": object()}

    jobs = queue_of({"notes.write": odd})
    job = await ask(attempts_max=1)
    await jobs.run_once()

    assert (await jobs.get(job.id, HARBOUR)).error == "jobs-handler-broken"
    assert await note_count(documents) == 0


async def test_effects_that_collide_with_someone_elses_change_are_tried_again(
    documents: Documents, queue_of: QueueOf, ask: Ask
) -> None:
    async def collides_once(job: Job, work: Work) -> None:
        work.put(Put("counter", "c", b"mine", HARBOUR, expected=job.attempt - 1))
        if job.attempt == 1:
            await documents.commit([Put("counter", "c", b"theirs", HARBOUR)])

    jobs = queue_of({"notes.write": collides_once})
    job = await ask()
    await jobs.run_once()
    between = await jobs.get(job.id, HARBOUR)
    jobs._clock.move(minutes=1)  # type: ignore[attr-defined]
    await jobs.run_once()

    assert (between.state, between.error) == ("queued", "database-version-mismatch")
    assert (await jobs.get(job.id, HARBOUR)).state == "done"
    stored = await documents.read("counter", "c", organisation_scope(HARBOUR))
    assert stored is not None
    assert stored.body == b"mine"


async def test_a_job_nobody_knows_fails_clearly_and_holds_up_no_other(
    queue_of: QueueOf, ask: Ask
) -> None:
    jobs = queue_of({"notes.write": write_note})
    unknown, known = await ask("moon.land"), await ask()

    while await jobs.run_once():
        pass

    assert (await jobs.get(unknown.id, HARBOUR)).error == "jobs-unknown-handler"
    assert (await jobs.get(unknown.id, HARBOUR)).state == "failed"
    assert (await jobs.get(known.id, HARBOUR)).state == "done"


async def test_a_job_that_cannot_be_read_holds_up_no_other(
    documents: Documents, queue_of: QueueOf, ask: Ask
) -> None:
    await documents.commit(
        [Put("job", "odd", b"{}", HARBOUR, entries=Entries(ranges=[("due", 0.0, 0.0, "")]))]
    )
    jobs = queue_of({"notes.write": write_note})
    job = await ask()

    assert await jobs.run_once()

    assert (await jobs.get(job.id, HARBOUR)).state == "done"


async def test_a_job_that_kills_every_worker_is_given_up(
    queue_of: QueueOf, ask: Ask, clock: SetClock
) -> None:
    jobs = queue_of({"notes.write": write_note})
    job = await ask(attempts_max=3)
    for _ in range(3):
        assert await jobs._taker.take() is not None  # Taken, and never heard of again.
        clock.move(minutes=2)

    assert not await jobs.run_once()

    given_up = await jobs.get(job.id, HARBOUR)
    assert (given_up.state, given_up.error) == ("failed", "jobs-worker-lost")


async def test_a_handler_that_takes_too_long_is_stopped(queue_of: QueueOf, ask: Ask) -> None:
    async def endless(job: Job, work: Work) -> None:
        await asyncio.Event().wait()

    jobs = queue_of({"notes.write": endless}, time_max=timedelta(milliseconds=5))
    job = await ask(attempts_max=1)
    await jobs.run_once()

    assert (await jobs.get(job.id, HARBOUR)).error == "jobs-timed-out"


async def test_a_job_of_another_organisation_does_not_exist(queue_of: QueueOf, ask: Ask) -> None:
    jobs = queue_of({})
    job = await ask()

    with pytest.raises(JobMissingError):
        await jobs.get(job.id, "bay")


async def test_a_handler_may_queue_what_follows(
    documents: Documents, queue_of: QueueOf, ask: Ask, clock: SetClock, mint: Mint
) -> None:
    async def first(job: Job, work: Work) -> None:
        queue(work, "notes.write", {}, organisation=HARBOUR, clock=clock, mint=mint)

    jobs = queue_of({"notes.plan": first, "notes.write": write_note})
    await ask("notes.plan")

    while await jobs.run_once():
        pass

    assert await note_count(documents) == 1


async def test_progress_outside_of_a_job_is_nobodys_business() -> None:
    await report_progress(0.5)


class TestInTheBackground:
    """start, stop, wake."""

    async def test_a_new_job_is_noticed_at_once(self, queue_of: QueueOf, ask: Ask) -> None:
        jobs = queue_of({"notes.write": write_note}, poll=timedelta(hours=1))
        await jobs.start()
        job = await ask()

        states = [state.state async for state in jobs.watch(job.id, HARBOUR)]
        await jobs.stop()

        assert states[-1] == "done"

    async def test_a_job_that_becomes_due_is_found_without_being_told(
        self, queue_of: QueueOf, ask: Ask, clock: SetClock
    ) -> None:
        jobs = queue_of({"notes.write": write_note}, poll=timedelta(milliseconds=5))
        job = await ask(run_at=clock() + timedelta(hours=1))
        await jobs.start()
        clock.move(hours=2)

        states = [state.state async for state in jobs.watch(job.id, HARBOUR)]
        await jobs.stop()

        assert states[-1] == "done"

    async def test_no_more_jobs_run_at_once_than_there_are_runners(
        self, queue_of: QueueOf, ask: Ask
    ) -> None:
        now, most, two_at_once = 0, 0, asyncio.Event()

        async def counted(job: Job, work: Work) -> None:
            nonlocal now, most
            now += 1
            most = max(most, now)
            if most == 2:
                two_at_once.set()
            await two_at_once.wait()
            await report_progress(0.5)
            now -= 1

        jobs = queue_of({"notes.write": counted}, runners=2)
        asked = [await ask() for _ in range(8)]
        await jobs.start()
        for job in asked:
            async for _ in jobs.watch(job.id, HARBOUR):
                pass
        await jobs.stop()

        assert most == 2

    async def test_stopping_lets_a_running_job_end(self, queue_of: QueueOf, ask: Ask) -> None:
        begun = asyncio.Event()

        async def short(job: Job, work: Work) -> None:
            begun.set()
            await asyncio.sleep(0.01)

        jobs = queue_of({"notes.write": short})
        job = await ask()
        await jobs.start()
        await begun.wait()

        await jobs.stop()

        assert (await jobs.get(job.id, HARBOUR)).state == "done"

    async def test_stopping_gives_back_a_job_that_does_not_end(
        self, documents: Documents, queue_of: QueueOf, ask: Ask
    ) -> None:
        begun = asyncio.Event()

        async def endless(job: Job, work: Work) -> None:
            stage_note(work)
            begun.set()
            await asyncio.Event().wait()

        jobs = queue_of({"notes.write": endless})
        job = await ask()
        await jobs.start()
        await begun.wait()

        await jobs.stop(grace=timedelta(0))

        back = await jobs.get(job.id, HARBOUR)
        assert (back.state, back.attempt) == ("queued", 0)
        assert await note_count(documents) == 0
        assert await queue_of({"notes.write": write_note}, worker="next").run_once()

    async def test_a_queue_that_never_started_can_be_stopped(self, queue_of: QueueOf) -> None:
        await queue_of({}).stop()


class TestJobsThatComeBack:
    """Every."""

    sealing = Every("audit.seal", timedelta(minutes=1))

    async def test_each_round_runs_once_over_all_processes(
        self, documents: Documents, queue_of: QueueOf, clock: SetClock
    ) -> None:
        queues = [
            queue_of({"audit.seal": write_note}, worker=f"w{n}", every=[self.sealing])
            for n in range(3)
        ]
        await asyncio.gather(*(jobs.arrange() for jobs in queues))

        for _ in range(5):
            await asyncio.gather(*(jobs.run_once() for jobs in queues))
            clock.move(minutes=1)

        assert await note_count(documents) == 5

    async def test_rounds_that_were_missed_are_not_made_up_for(
        self, documents: Documents, queue_of: QueueOf, clock: SetClock
    ) -> None:
        jobs = queue_of({"audit.seal": write_note}, every=[self.sealing])
        await jobs.arrange()
        await jobs.run_once()
        clock.move(hours=10)

        while await jobs.run_once():
            pass

        assert await note_count(documents) == 2
        waiting = await jobs.get(self.sealing.job_id, HARBOUR)
        assert (waiting.state, waiting.run_at.second) == ("queued", 0)
        assert waiting.result == {"attempt": 1}

    async def test_a_round_that_fails_for_good_does_not_end_the_rounds(
        self, queue_of: QueueOf, clock: SetClock
    ) -> None:
        async def refuses(job: Job, work: Work) -> None:
            raise UnprocessableError("No.")

        jobs = queue_of({"audit.seal": refuses}, every=[self.sealing])
        await jobs.arrange()
        await jobs.run_once()

        waiting = await jobs.get(self.sealing.job_id, HARBOUR)
        assert (waiting.state, waiting.error, waiting.attempt) == ("queued", "unprocessable", 0)
        assert waiting.run_at > clock()

    async def test_another_interval_holds_from_the_next_start(
        self, queue_of: QueueOf, clock: SetClock
    ) -> None:
        first = queue_of({"audit.seal": write_note}, every=[self.sealing])
        await first.arrange()
        await first.run_once()
        hourly = Every("audit.seal", timedelta(hours=1))

        second = queue_of({"audit.seal": write_note}, every=[hourly])
        await second.arrange()
        await second.run_once()

        waiting = await second.get(hourly.job_id, HARBOUR)
        assert (waiting.run_at.minute, waiting.run_at.second) == (0, 0)
