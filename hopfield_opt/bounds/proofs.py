"""The kinds of proofs: what each is made of, and what it shows an objective to be at least."""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from hopfield_opt.bounds.assignments import AssignmentInstance
from hopfield_opt.bounds.instance import Bounded, Instance
from hopfield_opt.bounds.linearised import Linearised
from hopfield_opt.bounds.polynomials import Number
from hopfield_opt.bounds.signed_graph import SignedGraph
from hopfield_opt.bounds.spin_form import SpinForm
from hopfield_opt.bounds.tours import TourInstance
from hopfield_opt.bounds.trivial import trivial_bound
from hopfield_opt.errors import InputError

Kind = Literal[
    "trivial",
    "roof duality",
    "frustrated cycles",
    "semidefinite program",
    "linear program",
    "1-tree",
    "Gilmore-Lawler",
]
# the arrays of each kind of proof: numpy's letter of its type, and its axes
PROOFS: dict[str, dict[str, tuple[str, int]]] = {
    "trivial": {},
    "roof duality": {"between": ("i", 2), "inwards": ("i", 2), "power": ("i", 0)},
    "frustrated cycles": {"starts": ("i", 1), "edges": ("i", 1), "multipliers": ("f", 1)},
    "semidefinite program": {"diagonal": ("f", 1), "shift": ("f", 0)},
    "linear program": {"multipliers": ("f", 1)},
    "1-tree": {"multipliers": ("i", 1)},
    "Gilmore-Lawler": {"rows": ("i", 3), "columns": ("i", 3), "outer": ("i", 1)},
}
# what each is, in words
BY = {
    "trivial": "the sum of the parts",
    "roof duality": "roof duality",
    "frustrated cycles": "frustrated cycles",
    "semidefinite program": "a semidefinite program",
    "linear program": "a linear program",
    "1-tree": "a shortest 1-tree",
    "Gilmore-Lawler": "assignments within an assignment",
}


def prove(instance: Bounded, kind: str, proof: Mapping[str, Any]) -> Number:
    """Return what a proof shows the objective to be at least; InputError if it is none."""
    if isinstance(instance, TourInstance) and kind == "1-tree":
        return instance.least(np.asarray(proof["multipliers"]))
    if isinstance(instance, AssignmentInstance) and kind == "Gilmore-Lawler":
        return instance.least(*(np.asarray(proof[name]) for name in PROOFS[kind]))
    if isinstance(instance, Instance):
        if kind == "trivial":
            return trivial_bound(instance)
        if kind == "linear program":
            program = instance.derive(Linearised.of)
            return program.least(np.asarray(proof["multipliers"], dtype=np.float64))
        form, graph = instance.derive(SpinForm.of), instance.derive(SignedGraph.of)
        if form is not None and graph is not None:
            return _prove_of_spins(form, graph, kind, proof)
    raise _unfit()


def _prove_of_spins(
    form: SpinForm, graph: SignedGraph, kind: str, proof: Mapping[str, Any]
) -> Number:
    if kind == "frustrated cycles":
        starts, edges = (np.asarray(proof[name], dtype=np.int64) for name in ("starts", "edges"))
        return graph.packing_proves(starts, edges, np.asarray(proof["multipliers"], np.float64))
    if kind == "semidefinite program":
        return form.diagonal_proves(np.asarray(proof["diagonal"]), float(proof["shift"]))
    if kind != "roof duality":
        raise _unfit()
    power = int(proof["power"])
    if abs(power) > 5000:
        raise InputError(f"power must be small, got {power}. The certificate is damaged.")
    return form.flow_proves(np.asarray(proof["between"]), np.asarray(proof["inwards"]), power)


def _unfit() -> InputError:
    return InputError("kind must be one that fits the instance. The certificate is damaged.")
