"""A worker fetches what people wait for first, and a batch in its turn."""

from __future__ import annotations

from careflow.workers.order import WaitingFirst

WAITING, BATCH = "careflow.harbour.waiting", "careflow.harbour.batch"


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def fetched(order: WaitingFirst, full: set[str]) -> str:
    """Fetch as the broker does: from the first queue that holds something."""
    got = next(queue for queue in order.consume(2) if queue in full)
    order.rotate(got)
    return got


def order_of_two(seconds: Seconds) -> WaitingFirst:
    order = WaitingFirst(seconds)
    order.update([BATCH, WAITING])
    return order


def test_who_waits_is_fetched_first() -> None:
    order = order_of_two(Seconds())

    assert {fetched(order, {WAITING, BATCH}) for _ in range(20)} == {WAITING}
    assert fetched(order, {BATCH}) == BATCH


def test_a_batch_that_was_passed_over_for_long_has_every_fourth_turn() -> None:
    seconds = Seconds()
    order = order_of_two(seconds)
    seconds.now = 61

    assert [fetched(order, {WAITING, BATCH}) for _ in range(8)] == [*[WAITING] * 3, BATCH] * 2


def test_a_batch_that_was_not_there_was_not_passed_over() -> None:
    seconds = Seconds()
    order = order_of_two(seconds)
    seconds.now = 61
    for _ in range(4):
        fetched(order, {WAITING})

    assert {fetched(order, {WAITING, BATCH}) for _ in range(8)} == {WAITING}


def test_a_message_that_comes_when_no_queue_is_fetched_from_any_more_is_heard_of() -> None:
    order = order_of_two(Seconds())
    order.consume(2)
    order.update([])

    assert order.rotate(WAITING) == WAITING
