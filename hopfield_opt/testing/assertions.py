"""The laws are assertions, which Python can be told to skip."""

from hopfield_opt.errors import InputError


def need_assertions() -> None:
    """Refuse to check anything where no check could fail.

    Raises
    ------
    InputError
        Under ``python -O``.
    """
    if not __debug__:
        raise InputError(
            "python must run with assertions, got one that skips them. Start it without -O and "
            "PYTHONOPTIMIZE."
        )
