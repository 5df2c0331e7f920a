"""Work is shared out whole, and its results come in its order."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import time
import weakref
from concurrent.futures import process
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.diagnostics import DigestError
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


def test_what_was_garbage_when_processes_began_is_collected_when_they_have_ended():
    class Circle:
        def __init__(self):
            self.itself = self

    # A build does without the collector.
    gc.disable()
    try:
        lost = weakref.ref(Circle())
        list(spread(Squares(shared=False), range(5 * SMALL), 2))
    finally:
        gc.enable()
    gc.collect()
    assert lost() is None


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


MANY = 40 * SMALL


class Slow(Task[int, int]):
    """Work that takes a while, and notes in a file how much of it was done."""

    def __init__(self, notes, *, wrong: bool) -> None:
        self.notes = notes
        self.wrong = wrong

    def shares(self, items, jobs):
        return shares_of([1] * len(items), jobs)

    def run(self, items):
        if items[0] == 0:
            time.sleep(0.1)
            if self.wrong:
                raise ValueError("wrong")
        elif items[0] >= MANY // 3:
            time.sleep(0.03)
            with open(self.notes, "ab", buffering=0) as notes:
                notes.write(b".")
        return list(items)


def written(notes):
    assert not multiprocessing.active_children()
    return os.stat(notes).st_size if notes.exists() else 0


def test_when_something_goes_wrong_nobody_finishes_a_long_share(tmp_path):
    notes = tmp_path / "notes"
    with pytest.raises(ValueError, match="wrong"):
        list(spread(Slow(notes, wrong=True), range(MANY), 3))
    # Each of two long shares is of more than forty stretches.
    assert written(notes) < 40


@pytest.mark.parametrize("way", ["close", "interrupt"])
def test_when_nobody_waits_any_more_nobody_finishes_a_long_share(tmp_path, way):
    notes = tmp_path / "notes"
    results = spread(Slow(notes, wrong=False), range(MANY), 3)
    assert next(results) == 0
    if way == "close":
        results.close()
    else:
        with pytest.raises(KeyboardInterrupt):
            results.throw(KeyboardInterrupt)
    assert written(notes) < 40


class Ended(Task[int, int]):
    """Work during which somebody ends the process."""

    def __init__(self, *, shared):
        self.shared = shared

    def shares(self, items, jobs):
        return shares_of([1] * len(items), jobs) if self.shared else ()

    def run(self, items):
        os.kill(os.getpid(), signal.SIGKILL)
        return list(items)


@pytest.mark.parametrize("shared", [False, True])
def test_a_process_that_somebody_ends_is_told(shared):
    with pytest.raises(DigestError) as told:
        list(spread(Ended(shared=shared), range(2 * SMALL), 2))
    assert [one.code for one in told.value.diagnostics] == ["lost-process"]
    assert not multiprocessing.active_children()


def in_fresh_process(script):
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parent,
        env={**os.environ, "PYTHONPATH": f"{Path(__file__).parent.parent}"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


#: What Python calls around a fork can raise nothing.
FORKED = """
import os, signal
from builder.lookout import FEWEST, look_out
from test_work import SMALL, Squares, spread
# A shell that starts the tests in the background has interrupts ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
os.register_at_fork(after_in_{where}=lambda: os.kill(os.getpid(), signal.SIGINT))
try:
    {what}
    print("done")
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.parametrize("where", ["parent", "child"])
@pytest.mark.parametrize(
    "what",
    ["[*spread(Squares(shared=True), range(SMALL), 2)]", 'look_out(".", ["a"] * FEWEST, 2).stamps()'],
)
def test_an_interrupt_while_a_process_is_forked_is_neither_lost_nor_printed(what, where):
    done = in_fresh_process(FORKED.format(what=what, where=where))
    expected = "interrupted" if where == "parent" else "done"
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{expected}\n", "")


class Interrupted(Task[int, int]):
    """Work during which the terminal sends an interrupt to every process."""

    def run(self, items):
        os.kill(os.getpid(), signal.SIGINT)
        return list(items)


def test_an_interrupt_is_the_business_of_the_process_that_the_user_started():
    try:
        done = list(spread(Interrupted(), range(SMALL), 2))
    except KeyboardInterrupt:
        pytest.fail("a worker was interrupted")
    assert done == list(range(SMALL))
