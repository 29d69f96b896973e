"""The command `recall`."""

import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hopfield_opt.cli.outputs import deliver, show
from hopfield_opt.signals import INTERRUPTED

if TYPE_CHECKING:
    from hopfield_opt.memory import Recall

# between two frames
GAP = "   "


def recall(
    file: Annotated[Path, typer.Argument(help="What is stored: blocks of # and ., or .npy.")],
    cue: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The cues; the patterns themselves if none.")
    ] = None,
    names: Annotated[
        str | None, typer.Option(metavar="ABC", help="What the patterns are called, a letter each.")
    ] = None,
    noise: Annotated[
        float, typer.Option(metavar="P", help="The part of each cue's pixels that is flipped.")
    ] = 0.0,
    rule: Annotated[
        str, typer.Option(metavar="RULE", help="hebb, pseudo-inverse or storkey.")
    ] = "hebb",
    temperature: Annotated[
        float, typer.Option(metavar="T", help="Above 0 the recall first is a warm one.")
    ] = 0.0,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Repeats noise and recall.")] = None,
    shown: Annotated[
        bool, typer.Option("--show", help="Print the state after each flip as # and .")
    ] = False,
) -> int:
    """Store the patterns of FILE in a Hopfield network, and recall them from cues.

    Exit codes: 0 every recall ended in a stored pattern, 1 another, 2 bad input, 130 interrupted.
    """
    from hopfield_opt import rng
    from hopfield_opt.io import find_format
    from hopfield_opt.memory import AssociativeMemory
    from hopfield_opt.memory.noise import check_fraction, noisy

    known = ("patterns", "npy")
    memory = AssociativeMemory(find_format(file, None, known).read(file), rule, names=names)
    given = memory.patterns.images if cue is None else find_format(cue, None, known).read(cue)
    seed = rng.check_seed(seed)
    flat = given.reshape(-1, memory.patterns.num_spins)
    cues = noisy(flat, check_fraction("--noise", noise), rng.generator(seed))
    cues = cues.reshape(-1, *memory.patterns.shape)
    warm: dict[str, Any] = {"sweeps": 5} if temperature and shown else {}
    ends = [
        memory.recall(
            one, seed=seed, temperature=temperature, record="states", every="flip", **warm
        )
        for one in cues
    ]
    lines = [part for k, end in enumerate(ends) for part in _lines(k, end, shown)]
    if deliver(partial(show, "\n".join([*lines, f"seed {seed}"]))):
        return INTERRUPTED
    return 0 if all(end.label in memory.patterns.names for end in ends) else 1


def _lines(number: int, end: "Recall", shown: bool) -> list[str]:
    """Return what is said of one recall: its flips, and where they end."""
    path = end.trace.states
    assert path is not None  # it was asked for
    flips = len(path) - 1
    said = f"cue {number}: {end.label}, overlap {end.score:.2f}, energy {end.energy:.4g}"
    line = f"{said}, {flips} flip{'' if flips == 1 else 's'}"
    if not shown:
        return [line]
    shape = end.state.shape if end.state.ndim == 2 else (1, end.state.size)
    frames = [["".join(".#"[int(s > 0)] for s in row) for row in state.reshape(shape)]
              for state in path]  # fmt: skip
    beside = max(1, (shutil.get_terminal_size().columns + len(GAP)) // (shape[1] + len(GAP)))
    rows = []
    for first in range(0, len(frames), beside):
        rows += [GAP.join(parts) for parts in zip(*frames[first : first + beside], strict=True)]
        rows.append("")
    return [*rows, line, ""]
