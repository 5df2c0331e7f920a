"""Work is shared out whole, and its results come in its order."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import process

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.work import SMALL, Task, process_pool, shares_of, spread


class Squares(Task[int, int]):
    """Squares, shared out by weights that differ."""

    def __init__(self, *, shared: bool, wrong: int = -1) -> None:
        self.shared = shared
        self.wrong = wrong

    def shares(self, items, jobs):
        return shares_of([1 + one % 7 for one in items], jobs) if self.shared else ()

    def run(self, items):
        if self.wrong in items:
            raise ValueError("wrong")
        return [one * one for one in items]


@given(st.lists(st.integers(0, 50), max_size=600), st.integers(1, 9))
def test_every_item_has_one_share(weights, jobs):
    shares = shares_of(weights, jobs)
    assert sorted(number for one in shares for number in one) == list(range(len(weights)))
    assert all(shares)


@pytest.mark.parametrize("shared", [False, True])
def test_results_come_in_the_order_of_the_work(shared):
    items = range(5 * SMALL)
    assert list(spread(Squares(shared=shared), items, 3)) == [one * one for one in items]


@pytest.mark.parametrize("shared", [False, True])
def test_what_goes_wrong_in_a_process_ends_the_work(shared):
    with pytest.raises(ValueError, match="wrong"):
        list(spread(Squares(shared=shared, wrong=SMALL), range(5 * SMALL), 2))


def test_an_interrupt_while_a_pool_starts_is_an_interrupt(monkeypatch):
    def interrupted(thread):
        raise KeyboardInterrupt

    monkeypatch.setattr(process._ExecutorManagerThread, "start", interrupted)
    with pytest.raises(KeyboardInterrupt):
        list(spread(Squares(shared=False), range(5 * SMALL), 2))
    # A program that ends takes its processes along; this one goes on.
    for one in multiprocessing.active_children():
        one.terminate()
        one.join()


@pytest.mark.parametrize(("items", "jobs", "pools"), [(SMALL, 1, 0), (SMALL - 1, 8, 0), (SMALL, 2, 1)])
def test_a_pool_is_started_for_much_work_and_several_jobs_alone(items, jobs, pools):
    started = []

    def pool(*given):
        started.append(given)
        return process_pool(*given)

    done = list(spread(Squares(shared=False), range(items), jobs, pool))
    assert done == [one * one for one in range(items)]
    assert len(started) == pools
