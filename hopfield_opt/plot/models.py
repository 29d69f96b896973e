"""Pictures of answers of models of one's own: an array of variables, and what holds how tightly."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.arrays import check_array
from hopfield_opt.errors import InputError, unknown_name
from hopfield_opt.frames import is_labelled
from hopfield_opt.model import Model
from hopfield_opt.model.evaluate import evaluate
from hopfield_opt.model.labels import without_labels
from hopfield_opt.model.rule import Rule
from hopfield_opt.plot import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# beyond this names beside an axis are too small to read
MOST_NAMED = 40
# calls of `add` that get a bar of their own; the rest has one together
MOST_BARS = 14
# a row is tight where it is this near to its bound, next to the sum of its terms
TIGHT = 1e-9


@style.needs_answer
def variable(
    answer: Mapping[str, Any],
    name: str | None = None,
    shade: Any = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw an array of variables as it lies: rows downwards, columns to the right.

    Of one axis entries are bars. Of three axes and more the first goes downwards, the others to the
    right one after another.

    Parameters
    ----------
    answer : mapping of str to array
        The variables by name: `result.answer` of a model.
    name : str, optional
        Which of them; the largest by default.
    shade : array, optional
        Numbers of the same shape, such as costs or wishes, to colour the cells by: dots then mark
        those that are not 0. Of one axis they are the heights of the bars.
    ax : Axes or None
        Where to draw; None makes a new figure.

    Returns
    -------
    Axes
        The picture.

    Raises
    ------
    InputError
        If there is no such variable, or the shade has another shape.

    Examples
    --------
    >>> variable({"works": np.eye(3)}).get_title()
    'works: 3 of 9 are 1'
    """
    chosen = _chosen(answer, name)
    array = np.asarray(without_labels({chosen: answer[chosen]})[chosen], dtype=np.float64)
    numbers = None if shade is None else check_array("shade", np.asarray(shade), array.shape)
    axes = style.axes(ax)
    axes.set_title(_title(chosen, array, numbers is not None and array.ndim > 1))
    if not array.size:
        axes.set_axis_off()
    elif array.ndim < 2:
        _draw_bars(array.ravel(), None if numbers is None else numbers.ravel(), axes)
    elif numbers is None:
        _draw_values(_folded(array), axes)
    else:
        _draw_dots(_folded(array), _folded(numbers), axes)
    if array.size:
        _name_axes(axes, answer[chosen], array.shape)
    return axes


@style.needs_answer
def constraints(model: Model, answer: Mapping[str, Any], ax: "Axes | None" = None) -> "Axes":
    """Draw how many rows of each constraint are violated, tight, or have room left.

    Rows of one call of `add` share a bar. Tight ones are at their bound: where they are many, a
    better answer may need more of what they limit.

    Parameters
    ----------
    model : Model
        With constraints.
    answer : mapping of str to array
        The variables by name: `result.answer`.
    ax : Axes or None
        Where to draw; None makes a new figure.

    Returns
    -------
    Axes
        The picture.

    Examples
    --------
    >>> model = Model()
    >>> x = model.binary(3, name="x")
    >>> model.add(x[:2] + x[1:] <= 1, name="apart")
    >>> constraints(model, {"x": [1, 0, 0]}).get_title()
    'value 0 (minimize): all 2 rows hold'
    """
    plain = without_labels(answer)
    judged = model.evaluate(plain)
    counts = _counts(model, model.pack(plain))
    axes = style.axes(ax)
    kinds = (
        ("violated", style.VERMILION),
        ("violated at a price", style.ORANGE),
        ("equal, or tight", style.BLUE),
        ("with room", style.GREY),
    )
    table = np.array(list(counts.values()), dtype=np.float64).reshape(-1, len(kinds))
    shares = table / np.maximum(1.0, table.sum(axis=1, keepdims=True))
    left = np.zeros(len(counts))
    for column, (kind, color) in enumerate(kinds):
        if not table[:, column].any():
            continue
        bars = axes.barh(range(len(counts)), shares[:, column], left=left, color=color, label=kind)
        texts = [f"{number:.0f}" if number else "" for number in table[:, column]]
        axes.bar_label(bars, texts, label_type="center", color="white", fontsize=9)
        left += shares[:, column]
    axes.set_yticks(range(len(counts)), list(counts))
    axes.invert_yaxis()
    axes.set(xlabel="share of the rows", xlim=(0, 1))
    axes.spines[["top", "right"]].set_visible(False)
    total, broken = int(table.sum()), int(table[:, 0].sum())
    state = f"{broken} of {total} rows are violated" if broken else f"all {total} rows hold"
    axes.set_title(f"value {judged.value:.10g} ({model.sense}): {state}")
    if len(counts):
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.11), ncols=4, frameon=False)
    return axes


def _chosen(answer: Mapping[str, Any], name: str | None) -> str:
    """Return the name of a variable, of the largest one where none is given."""
    if not isinstance(answer, Mapping) or not answer:
        raise InputError(
            f"answer must name arrays, got {type(answer).__name__}. Give result.answer of a model."
        )
    if name is None:
        return max(answer, key=lambda one: np.size(answer[one]))
    if name not in answer:
        raise unknown_name("name", name, list(answer))
    return name


def _title(name: str, array: NDArray[np.float64], dotted: bool) -> str:
    if not array.ndim:
        return f"{name}: {float(array):g}"
    if not array.size:
        return f"{name}: empty"
    if ((array == 0) | (array == 1)).all():
        return f"{name}: {int(array.sum())} of {array.size} are 1{', the dots' * dotted}"
    return f"{name}: from {array.min():g} to {array.max():g}"


def _folded(array: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return an array as a matrix: all axes but the first side by side."""
    return array.reshape(len(array), -1)


def _draw_bars(array: NDArray[np.float64], numbers: Any, axes: "Axes") -> None:
    """Draw a bar for each entry: as high as its number, or as itself; grey where it is 0."""
    colors = np.where(array != 0, style.BLUE, style.GREY)
    axes.bar(range(len(array)), array if numbers is None else numbers, color=colors)
    axes.set_ylabel("value" if numbers is None else "shade, blue where it is not 0")
    axes.spines[["top", "right"]].set_visible(False)


def _draw_values(cells: NDArray[np.float64], axes: "Axes") -> None:
    """Draw cells by their values: two colours for two values, shades for more."""
    from matplotlib.colors import ListedColormap

    kinds = np.unique(cells)
    if len(kinds) > 2:
        image = axes.imshow(cells, cmap="viridis", interpolation="nearest", aspect="auto")
        axes.figure.colorbar(image, ax=axes, label="value")
        return
    colors = ListedColormap(["#ececec", style.BLUE])
    upper = cells > 0 if len(kinds) < 2 else cells == kinds[-1]
    axes.imshow(upper, cmap=colors, vmin=0, vmax=1, interpolation="nearest", aspect="auto")


def _draw_dots(cells: NDArray[np.float64], numbers: NDArray[np.float64], axes: "Axes") -> None:
    """Draw numbers as shades, and dots where cells are not 0."""
    image = axes.imshow(numbers, cmap="Blues", interpolation="nearest", aspect="auto")
    axes.figure.colorbar(image, ax=axes, label="shade")
    rows, columns = np.nonzero(cells)
    size = float(np.clip(2e4 / cells.size, 4.0, 60.0))
    axes.scatter(columns, rows, s=size, c=style.VERMILION, edgecolors="white", linewidths=0.6)


def _name_axes(axes: "Axes", labelled: Any, shape: tuple[int, ...]) -> None:
    """Write labels where there are some and few, numbers else; draw lines between blocks."""
    names: Any = labelled.axes if is_labelled(labelled) else ()
    setters = (axes.set_yticks, axes.set_xticks) if len(shape) > 1 else (axes.set_xticks,)
    for own, place in zip(names, setters, strict=False):
        if len(own) <= MOST_NAMED:
            place(range(len(own)), [str(one) for one in own])
    if not names:
        axes.locator_params(axis="both" if len(shape) > 1 else "x", integer=True)
    if len(shape) > 2:
        block = int(np.prod(shape[2:]))
        for edge in range(block, shape[1] * block, block):
            axes.axvline(edge - 0.5, color=style.BLACK, linewidth=0.6)
        axes.set_xlabel("the other axes, one after another")


def _counts(model: Model, values: NDArray[np.float64]) -> dict[str, NDArray[np.int64]]:
    """Return how many rows of each call are violated, are so at a price, are tight, have room."""
    calls: dict[int, list[Rule]] = {}
    for rule in model.rules.values():
        calls.setdefault(rule.call, []).append(rule)
    found: dict[str, NDArray[np.int64]] = {}
    for number, rules in enumerate(calls.values()):
        name = rules[0].name.partition("[")[0] if len(rules) > 1 else rules[0].name
        if number >= MOST_BARS - 1 and len(calls) > MOST_BARS:
            name = f"{len(calls) - MOST_BARS + 1} others"
        own = sum((_states(model, rule, values) for rule in rules), np.zeros(4, np.int64))
        found[name] = found.get(name, 0) + own
    return found


def _states(model: Model, rule: Rule, values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the same of one rule."""
    one = rule.constraint
    broken = np.ravel(one.amounts(values, model.feasibility_tolerance)) > 0
    room = np.ravel(np.abs(evaluate(one.node, values) - one.bound) > TIGHT * one.sizes_at(values))
    room &= ~broken & (one.sign != "==")
    number = int(broken.sum())
    tight = len(broken) - number - int(room.sum())
    return np.array([number * (not rule.soft), number * rule.soft, tight, int(room.sum())])
