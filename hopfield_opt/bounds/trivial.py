"""The trivial bound: the sum of what each term is at least."""

from hopfield_opt.bounds.instance import Instance
from hopfield_opt.bounds.polynomials import Number
from hopfield_opt.bounds.spin_form import SpinForm


def trivial_bound(instance: Instance) -> Number:
    """Return what an objective is at least, term by term: as written, over variables, or spins.

    Examples
    --------
    >>> from hopfield_opt.bounds.instance import instance_of
    >>> from hopfield_opt.hamiltonian import Hamiltonian
    >>> trivial_bound(instance_of(Hamiltonian([[0, 3], [3, 0]], [1, 2]), 0.0))
    -6
    """
    total: Number = 0
    for key, value in instance.objective.items():
        low, high = instance.extent(key)
        total += min(value * low, value * high)
    form = instance.derive(SpinForm.of)
    best = total if form is None else max(total, form.least)
    best = best if instance.floor is None else max(best, instance.floor)
    return best.numerator if best.denominator == 1 else best
