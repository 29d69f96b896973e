"""Steps of neurons with graded outputs: arrays (N, R) of float32, the replicas in a row.

Each step is one pass over the arrays after the product with the couplings; the loops over a row
become vector instructions.
"""

import math

import numpy as np
from numba.extending import register_jitable

from hopfield_opt.jit import njit

# Transfer functions of the kernels; the logistic one is TANH of half its argument.
TANH = 0
RATIONAL = 1

_f = np.float32
_ZERO, _ONE, _TWO = _f(0), _f(1), _f(2)
# tanh(x) = x P(x^2) / Q(x^2) within 2e-7, and 1 beyond the bound (the coefficients of Eigen)
_BOUND = _f(7.90531110763549805)
_P13, _P11, _P9 = _f(-2.76076847742355e-16), _f(2.00018790482477e-13), _f(-8.60467152213735e-11)
_P7, _P5, _P3 = _f(5.12229709037114e-08), _f(1.48572235717979e-05), _f(6.37261928875436e-04)
_P1 = _f(4.89352455891786e-03)
_Q6, _Q4 = _f(1.19825839466702e-06), _f(1.18534705686654e-04)
_Q2, _Q0 = _f(2.26843463243900e-03), _f(4.89352518554385e-03)


@register_jitable
def _transfer(row, transfer):
    """Replace the arguments in a row by the outputs."""
    if transfer == TANH:
        for r in range(len(row)):
            x = min(max(row[r], -_BOUND), _BOUND)
            s = x * x
            p = ((((((_P13 * s + _P11) * s + _P9) * s + _P7) * s + _P5) * s + _P3) * s + _P1) * x
            q = ((_Q6 * s + _Q4) * s + _Q2) * s + _Q0
            row[r] = min(max(p / q, -_ONE), _ONE)
    else:
        for r in range(len(row)):
            row[r] = row[r] / (_ONE + abs(row[r]))


@njit
def transfer(fields, gain, kind, outputs):
    """Write ``F(gain * fields)`` into `outputs`."""
    for i in range(len(fields)):
        field, out = fields[i], outputs[i]
        for r in range(len(out)):
            out[r] = gain * field[r]
        _transfer(out, kind)


@njit
def relax_fields(fields, pulls, thresholds, kept, share, gain, kind, outputs):
    """``u <- kept u + share (pull - threshold)`` and the outputs that follow, ``F(gain u)``."""
    for i in range(len(fields)):
        field, pull, out, threshold = fields[i], pulls[i], outputs[i], thresholds[i]
        for r in range(len(out)):
            u = kept * field[r] + share * (pull[r] - threshold)
            field[r] = u
            out[r] = gain * u
        _transfer(out, kind)


@njit
def relax_outputs(outputs, pulls, thresholds, share, gain, kind):
    """``v <- v + share (F(gain (pull - threshold)) - v)``; `pulls` is used up."""
    for i in range(len(outputs)):
        pull, out, threshold = pulls[i], outputs[i], thresholds[i]
        for r in range(len(out)):
            pull[r] = gain * (pull[r] - threshold)
        _transfer(pull, kind)
        for r in range(len(out)):
            out[r] += share * (pull[r] - out[r])


@njit
def relax_chosen(outputs, pulls, thresholds, chosen, share, gain):
    """``v <- v + share (tanh(gain (pull - threshold)) - v)`` for chosen neurons only."""
    for i in chosen:
        pull, out, threshold = pulls[i], outputs[i], thresholds[i]
        for r in range(len(out)):
            pull[r] = gain * (pull[r] - threshold)
        _transfer(pull, TANH)
        for r in range(len(out)):
            out[r] += share * (pull[r] - out[r])


@njit
def relax_groups(outputs, pulls, thresholds, share, beta, begins, members):
    """Pull each one-hot group towards the soft maximum of its fields.

    Group g has the spins ``members[begins[g]:begins[g + 1]]``. A spin on instead of off changes
    the energy by -2 (pull - threshold): ``x = exp(2 beta h) / sum exp(2 beta h)``, v = 2x - 1.
    """
    twice = _TWO * beta
    replicas = outputs.shape[1]
    top = np.empty(replicas, np.float32)
    total = np.empty(replicas, np.float32)
    for g in range(len(begins) - 1):
        group = members[begins[g] : begins[g + 1]]
        top[:] = -np.inf
        for i in group:
            pull, threshold = pulls[i], thresholds[i]
            for r in range(replicas):
                pull[r] = twice * (pull[r] - threshold)
                top[r] = max(top[r], pull[r])
        total[:] = 0.0
        for i in group:
            pull = pulls[i]
            for r in range(replicas):
                pull[r] = math.exp(pull[r] - top[r])
                total[r] += pull[r]
        for i in group:
            pull, out = pulls[i], outputs[i]
            for r in range(replicas):
                out[r] += share * (_TWO * pull[r] / total[r] - _ONE - out[r])


@njit
def round_groups(outputs, begins, members, states):
    """Turn on the spin with the largest output of each one-hot group, in states (R, N)."""
    for g in range(len(begins) - 1):
        group = members[begins[g] : begins[g + 1]]
        for r in range(len(states)):
            best = -1
            for i in group:
                states[r, i] = -1
                if best < 0 or outputs[i, r] > outputs[best, r]:
                    best = i
            if best >= 0:
                states[r, best] = 1


@njit
def bifurcate(
    positions, momenta, pulls, thresholds, mirror, stiffness, force, step, seen, discrete
):
    """One symplectic Euler step of oscillators between inelastic walls.

    ``y <- y + step (force (pull - threshold * mirror) - stiffness x)``, ``x <- x + step y``, and
    where |x| > 1: x = sign x, y = 0. `mirror` (R,) is what the thresholds see; `seen` gets the
    signs of x if it is `discrete`, and is `positions` itself if not.
    """
    for i in range(len(positions)):
        x, y, pull, threshold = positions[i], momenta[i], pulls[i], thresholds[i]
        for r in range(len(x)):
            new = y[r] + step * (force * (pull[r] - threshold * mirror[r]) - stiffness * x[r])
            place = x[r] + step * new
            outside = abs(place) > _ONE
            y[r] = _ZERO if outside else new
            x[r] = min(max(place, -_ONE), _ONE)
        if discrete:
            sign = seen[i]
            for r in range(len(x)):
                sign[r] = _ONE if x[r] >= _ZERO else -_ONE


@njit
def sparse_product(starts, neighbours, weights, values, out):
    """Write W values into `out`, W in compressed rows."""
    for i in range(len(starts) - 1):
        row, e, end = out[i], starts[i], starts[i + 1]
        row[:] = _ZERO
        while e + 4 <= end:  # four rows at once: a quarter of the loads and stores of `row`
            a, b = values[neighbours[e]], values[neighbours[e + 1]]
            c, d = values[neighbours[e + 2]], values[neighbours[e + 3]]
            wa, wb, wc, wd = weights[e], weights[e + 1], weights[e + 2], weights[e + 3]
            for r in range(len(row)):
                row[r] += (wa * a[r] + wb * b[r]) + (wc * c[r] + wd * d[r])
            e += 4
        while e < end:
            a, wa = values[neighbours[e]], weights[e]
            for r in range(len(row)):
                row[r] += wa * a[r]
            e += 1
