"""Models from dimod's quadratic models, read by their own words; dimod is not loaded."""

from collections.abc import Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from hopfield_opt.errors import InputError, show

if TYPE_CHECKING:
    from hopfield_opt.model.model import Model

KINDS = ("BINARY", "SPIN", "INTEGER")


def from_dimod(cls: type["Model"], source: Any) -> "Model":
    """Return the model of a BQM, CQM or DQM, one variable for each of its labels, in its order.

    Parameters
    ----------
    source : dimod.BinaryQuadraticModel, QuadraticModel, ConstrainedQuadraticModel or \
DiscreteQuadraticModel
        What is to be minimised. A label becomes a name by `str`. A discrete variable becomes an
        array of binaries, one for each case, one of which is 1.

    Returns
    -------
    Model
        Soft constraints with quadratic penalties stay soft.

    Raises
    ------
    InputError
        For a real variable, a soft constraint with a linear penalty, or two labels with one
        name.

    Examples
    --------
    >>> import pytest
    >>> dimod = pytest.importorskip("dimod")
    >>> from hopfield_opt.model import Model
    >>> model = Model.from_dimod(dimod.BQM({"a": -1.0}, {"ab": 2.0}, 0.5, "BINARY"))
    >>> model.evaluate({"a": 1, "b": 0}).value
    -0.5
    """
    if hasattr(source, "num_cases"):
        return _from_cases(cls, source)
    if hasattr(source, "constraints") and hasattr(source, "objective"):
        model = _with_variables(cls, source.variables, source)
        model.minimize(_quadratic(model, source.objective, _places(source.variables)))
        _add_constraints(model, source)
        return model
    if hasattr(source, "quadratic") and hasattr(source, "linear"):
        model = _with_variables(cls, source.variables, source)
        model.minimize(_quadratic(model, source, _places(source.variables)))
        return model
    raise InputError(
        f"source must be a BQM, CQM or DQM of dimod, got {type(source).__name__}. "
        "A dict or matrix is taken by Model.from_qubo."
    )


def _places(labels: Iterable[Hashable]) -> dict[Hashable, int]:
    return {label: place for place, label in enumerate(labels)}


def _names(labels: Iterable[Hashable]) -> dict[Hashable, str]:
    """Return the name of each label, or say which two would have the same."""
    names: dict[str, Hashable] = {}
    for label in labels:
        if str(label) in names:
            raise InputError(
                f"labels must differ as text, got {show(names[str(label)])} and {show(label)}. "
                "Use relabel_variables."
            )
        names[str(label)] = label
    return {label: name for name, label in names.items()}


def _with_variables(cls: type["Model"], labels: Iterable[Hashable], source: Any) -> "Model":
    model = cls()
    for label, name in _names(labels).items():
        kind = source.vartype(label) if callable(source.vartype) else source.vartype
        if kind.name not in KINDS:
            raise InputError(
                f"variables must be binary, spin or integer, got {kind.name} at {show(label)}."
            )
        if kind.name == "INTEGER":
            low, high = source.lower_bound(label), source.upper_bound(label)
            model.integer((), int(np.ceil(low)), int(np.floor(high)), name=name)
        else:
            (model.spin if kind.name == "SPIN" else model.binary)((), name=name)
    return model


def _quadratic(model: "Model", form: Any, places: Mapping[Hashable, int]) -> Any:
    """Return ``sum a_i x_i + sum b_ij x_i x_j + offset`` of a quadratic model."""
    x = model.everything()
    linear = {places[label]: float(bias) for label, bias in form.linear.items() if bias}
    cost: Any = 0.0
    if linear:
        cost = (np.array(list(linear.values())) * x[np.array(list(linear))]).sum()
    pairs = {(places[u], places[v]): float(bias) for (u, v), bias in form.quadratic.items() if bias}
    if pairs:
        first, second = np.array(list(pairs)).T
        cost = cost + (np.array(list(pairs.values())) * (x[first] * x[second])).sum()
    return cost + float(form.offset)


def _add_constraints(model: "Model", source: Any) -> None:
    places = _places(source.variables)
    names = _names(source.constraints)
    for label, one in source.constraints.items():
        left, right = _quadratic(model, one.lhs, places), float(one.rhs)
        sense = one.sense.value
        compared = {"==": left == right, "<=": left <= right, ">=": left >= right}[sense]
        if not one.lhs.is_soft():
            model.add(compared, name=names[label])
        elif one.lhs.penalty() == "quadratic":
            model.add(compared, name=names[label], penalty=float(one.lhs.weight()), soft=True)
        else:
            raise InputError(
                f"penalty must be quadratic for a soft constraint, got "
                f"{one.lhs.penalty()!r} at {show(label)}."
            )


def _from_cases(cls: type["Model"], source: Any) -> "Model":
    model = cls()
    x = {
        label: model.binary(source.num_cases(label), name=name)
        for label, name in _names(source.variables).items()
    }
    cost: Any = float(source.offset)
    for label, cases in x.items():
        cost = cost + (np.asarray(source.get_linear(label)) * cases).sum()
        model.add(cases.sum() == 1, name=f"one case of {label}")
    for place, u in enumerate(source.variables):
        for v in source.adj[u]:
            if source.variables.index(v) > place:
                cost = cost + x[u] @ (source.get_quadratic(u, v, array=True) @ x[v])
    model.minimize(cost)
    return model
