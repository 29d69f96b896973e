"""How far energies may be off: what floating point loses where large terms cancel.

A row of large numbers becomes a square of far larger ones, next to which an objective may have no
digits left. What may be lost is known, so that nothing is called proven that rounding has decided.
"""

import numpy as np

from hopfield_opt.compiler.cost import Cost, triple_product
from hopfield_opt.compiler.penalties import Penalised
from hopfield_opt.compiler.program import Program
from hopfield_opt.errors import InputError
from hopfield_opt.exactness import lowest_bits, need_no_rounding
from hopfield_opt.hamiltonian.conversions import LARGEST_ENERGY

# an energy is the sum of less than 1000 roundings of its largest partial sum
ROUNDINGS = 1000.0
# differences of energies that are so much smaller than a unit are none
CLEAR = 0.25


def energy_rounding(program: Program, penalised: Penalised) -> float:
    """Return by how much energies may be off, 0 where that never takes one value for another."""
    with np.errstate(over="ignore", invalid="ignore"):
        largest = _size(penalised.cost)
    if not largest < LARGEST_ENERGY:
        raise InputError(
            f"coefficients must give energies below {LARGEST_ENERGY:g}, got larger ones. Scale the "
            "objective, and constraints that become penalties."
        )
    error = ROUNDINGS * float(np.spacing(largest)) + _coarse(penalised)
    if error < CLEAR * program.objective.unit:
        return 0.0
    # multiples of a power of two that need at most 53 bits, and so do all their sums
    last = _last_bit(program, penalised)
    return 0.0 if need_no_rounding(np.asarray(last), np.asarray(largest)) else error


def _coarse(penalised: Penalised) -> float:
    """Return what soft rows may cost too much, where their slack is a grid."""
    forms, total = penalised.soft, 0.0
    ends = forms.starts
    for row in np.flatnonzero(~forms.exact & (np.diff(ends) > 0)).tolist():
        step = float(forms.weights[ends[row] : ends[row + 1]].min())
        total += float(penalised.prices[row]) * (step / 2.0) ** 2
    return total


def _size(cost: Cost) -> float:
    """Return the sum of the sizes of all terms of a cost, before anything cancels."""
    size = abs(cost.constant) + float(np.abs(cost.linear).sum())
    for pairs in cost.pairs:
        size += 2.0 * float(np.abs(pairs.coefficients).sum())
    for squares in cost.squares:
        reach = np.asarray(np.abs(squares.rows).sum(axis=1)).ravel() + np.abs(squares.shift)
        size += float(np.abs(squares.coefficients) @ reach**2)
    for block in cost.blocks:
        factors = np.abs(block.factors)
        spread = triple_product(abs(block.left), factors, abs(block.right))
        size += abs(block.coefficient) * float((factors * spread).sum())
    return size


def _last_bit(program: Program, penalised: Penalised) -> float:
    """Return e where all terms of a cost are multiples of 2^e; -inf where that is not known."""
    if program.forbidden:
        return -np.inf
    found = [program.objective.last_bit]
    # coefficients of rows are whole; 1/8 is the least part of half a square over spins
    hard, soft = penalised.hard, penalised.soft
    shifts = 2.0 * min(0.0, float(lowest_bits(soft.shift).min(initial=0.0)))
    for weights, step in (
        (penalised.weights.strengths, -4.0),
        (penalised.prices, shifts - 4.0),
        *((one, -4.0) for one in penalised.definitions),
    ):
        found.append(float(lowest_bits(weights).min(initial=np.inf)) + step)
    inexact = not (hard.exact.all() and soft.exact.all())
    return -np.inf if inexact else min(found)
