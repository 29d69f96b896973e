"""Ctrl-C is a request first, an exception the second time."""

import os
import signal
import threading

import pytest

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
