"""Errors say what is wrong, where, and what to do."""

import numpy as np
import pytest

from hopfield_opt.errors import InputError, ReadError, SizeError, check_choice, show, unknown_name


def test_read_error_names_file_and_line():
    """A reader's message begins as a compiler's does."""
    assert str(ReadError("g.txt", 3, "weight must be a number.")) == (
        "g.txt:3: weight must be a number."
    )
    assert str(ReadError("g.txt", None, "empty.")) == "g.txt: empty."


def test_every_error_of_ours_is_a_value_error():
    """One except clause catches all bad input."""
    for kind in (ReadError, SizeError):
        assert issubclass(kind, InputError)
    assert issubclass(InputError, ValueError)


def test_unknown_name_without_a_near_one():
    """Without anything similar there is no guess."""
    assert str(unknown_name("method", "zzz", ["auto"])) == "method must be one of auto, got 'zzz'."


def test_a_message_is_one_short_line():
    """Whatever was given, its error is one line of at most 300 characters that ends as written."""
    header = "line\n" * 2000
    for error in (
        InputError(f"header must be short, got {header}. Cut it."),
        ReadError("g.txt", 3, f"header must be short, got {header}. Cut it."),
    ):
        message = str(error)
        assert len(message) <= 300
        assert "\n" not in message
        assert "header must be short, got" in message
        assert message.endswith(". Cut it.")
    assert str(InputError("x must be 1,\n got 2.")) == "x must be 1, got 2."


def test_anything_can_be_shown():
    """A value in a message is short and in one line, also where it has no text of its own."""

    class Silent:
        def __repr__(self):
            raise RuntimeError

    assert show(Silent()) == "a Silent"
    assert show(10**5000) == "an integer of more than 4300 digits"
    assert show([1, 10**5000]) == "a list"
    assert len(show("x" * 10**6)) == 60
    assert show(np.eye(2)) == "array([[1., 0.], [0., 1.]])"


def test_a_choice_is_a_name():
    """Only a string can be one of the names; arrays are not compared with them."""
    check_choice("order", "random", ("random", "sequential"))
    for value in (np.array(["random", "random"]), ["random"], None, 3, "randm"):
        with pytest.raises(InputError, match="order must be one of random, sequential, got"):
            check_choice("order", value, ("random", "sequential"))
