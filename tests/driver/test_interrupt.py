"""Ctrl-C is a request first, an exception the second time."""

import os
import signal
import threading

import pytest

from hopfield_opt import signals
from hopfield_opt.driver.interrupt import Interruptible


def press_ctrl_c():
    """Send SIGINT to this process and let the handler run."""
    os.kill(os.getpid(), signal.SIGINT)


def test_first_is_a_request_second_raises(ctrl_c):
    """The first Ctrl-C sets a flag; the second raises KeyboardInterrupt."""
    with Interruptible() as interrupt:
        assert not interrupt.requested
        press_ctrl_c()
        assert interrupt.requested
        with pytest.raises(KeyboardInterrupt):
            press_ctrl_c()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_handler_of_others_is_left_alone(ctrl_c):
    """Where the program has a handler of its own, it stays."""
    seen = []
    before = signal.signal(signal.SIGINT, lambda *_: seen.append(1))
    try:
        with Interruptible() as interrupt:
            press_ctrl_c()
        assert seen == [1]
        assert not interrupt.requested
    finally:
        signal.signal(signal.SIGINT, before)


def test_threads_other_than_main_do_not_touch_signals():
    """In a worker thread nothing is installed and nothing fails."""
    errors = []

    def work():
        try:
            with Interruptible():
                pass
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert errors == []


def test_raising_for_work_that_looks_at_no_flag(ctrl_c):
    """Where it is wanted the first Ctrl-C raises, too, and is known."""
    with pytest.raises(KeyboardInterrupt), Interruptible(raises=True) as interrupt:
        press_ctrl_c()
    assert interrupt.requested


def test_blocks_within_blocks(ctrl_c):
    """The innermost decides, all know of it, and the second press goes past all of them."""
    with Interruptible() as outer:
        with Interruptible(raises=True) as middle, Interruptible() as inner:
            press_ctrl_c()
            assert (outer.presses, middle.presses, inner.presses) == (1, 1, 1)
            with pytest.raises(KeyboardInterrupt):
                press_ctrl_c()
        assert signal.getsignal(signal.SIGINT) == outer._on_signal
    assert outer.presses == 2
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize("number", signals.SIGNALS)
def test_where_the_program_would_end_at_once(number):
    """The command line's own handler gives way to a block, for both signals, and comes back."""
    before = signal.signal(number, signals.end_at_once)
    try:
        with Interruptible() as interrupt:
            os.kill(os.getpid(), number)
            assert interrupt.requested
        assert signal.getsignal(number) is signals.end_at_once
    finally:
        signal.signal(number, before)


def test_the_compiler_is_waited_for(ctrl_c, capsys, monkeypatch):
    """While a kernel is compiled the first press says what it waits for; else it is silent."""
    with Interruptible():
        press_ctrl_c()
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr("hopfield_opt.jit.is_compiling", lambda: True)
    with Interruptible():
        press_ctrl_c()
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "waiting for the compiler; press again" in err
