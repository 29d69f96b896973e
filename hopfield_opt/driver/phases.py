"""What a call is doing, told to Python's `logging` at INFO under the name "hopfield_opt".

Nothing is shown unless the program says so: ``logging.basicConfig(level=logging.INFO)``.
"""

import logging

_log = logging.getLogger("hopfield_opt")


def tell(phase: str, *details: object) -> None:
    """Log a phase of a call: a text with the places of its details, as `logging` takes it."""
    _log.info(phase, *details)
