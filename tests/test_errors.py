"""Errors say what is wrong, where, and what to do."""

from hopfield_opt.errors import InputError, ReadError, SizeError, unknown


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
    assert str(unknown("method", "zzz", ["auto"])) == "method must be one of auto, got 'zzz'."
