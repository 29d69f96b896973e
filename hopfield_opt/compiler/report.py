"""What the passes did, for readers: sizes, and each penalty with the argument that proves it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.compiler.forms import Forms
from hopfield_opt.compiler.naming import together
from hopfield_opt.compiler.penalties import Penalised
from hopfield_opt.compiler.program import Program
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.model.nodes import Floats

# one line for each argument that occurs
ARGUMENTS = {
    "range": "range: more than the whole range of the objective, so that no violation pays",
    "repair": "repair: one flip lessens the violation, hurts nothing else, and adds less than this",
    "block": "block: at most three flips repair a row and a column, and add less than twice this",
    "definition": "definition: setting the product's bit right adds less than this",
    "price": "price: soft, as given",
    "given": "given: taken as it is, unproven",
    "adaptive": "adaptive: a start, unproven; raised where violated",
}


def describe(program: Program, penalised: Penalised, network: Hamiltonian) -> tuple[str, ...]:
    """Return the lines of the report that follow those of the passes."""
    if program.infeasible is not None:
        return (f"infeasible: {program.infeasible}",)
    found = penalised.weights
    lines = _rows(program, penalised.hard, found.strengths, found.arguments)
    for forbidden, weight, argument in zip(
        program.forbidden, found.lambdas, found.reasons, strict=True
    ):
        name = program.rules[forbidden.owner].name
        lines.append((f"{name}: forbidden products, weight {weight:g}, no slack", argument))
    prices = np.full(len(penalised.prices), "price", dtype=object)
    lines += _rows(program, penalised.soft, penalised.prices, prices)
    for products, weights in zip(program.products, penalised.definitions, strict=True):
        if products.defined:
            text = f"{len(weights)} products of two: {_span(weights)}"
            lines.append((text, "definition"))
    texts = [f"  {text} ({argument})" for text, argument in lines]
    used = [text for name, text in ARGUMENTS.items() if name in {one for _, one in lines}]
    head = ["penalties"] if texts else []
    slack = penalised.num_bits - program.num_bits
    size = f"network with {slack} bits of slack: {network!r}"
    return (*head, *texts, *(f"  {text}" for text in used), size)


def _rows(
    program: Program, forms: Forms, weights: Floats, reasons: NDArray[Any]
) -> list[tuple[str, str]]:
    lines = []
    slack = np.diff(forms.starts)
    low, high = forms.rows.activity
    length = np.minimum(forms.rows.upper, high) - np.maximum(forms.rows.lower, low)
    # a number of k bits lies in 2^(k - 1) .. 2^k - 1
    bits = np.frexp(np.trunc(np.maximum(length, 0.0)))[1]
    for reason in dict.fromkeys(reasons.tolist()):
        for name, own in together(program.rules, forms.rows.owner, reasons == reason):
            used, plain = int(slack[own].sum()), int(bits[own].sum())
            saved = f" (a plain square needs {plain})" if plain > used else ""
            count = f"{len(own)} row" + "s" * (len(own) != 1)
            text = f"{name}: {count}, {_span(weights[own])}"
            lines.append((int(own[0]), f"{text}, {used} bits of slack{saved}", reason))
    return [(text, reason) for _, text, reason in sorted(lines)]


def _span(weights: Floats) -> str:
    low, high = weights.min(), weights.max()
    return f"weight {low:g}" if low == high else f"weights {low:g} to {high:g}"
