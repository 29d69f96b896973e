"""A comparison: its rows, as text, Markdown, CSV, HTML and as a picture."""

import csv
import html
import io
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING, Any

from hopfield_opt.bounds import Certificate
from hopfield_opt.comparison.curves import Curve, curves_of
from hopfield_opt.comparison.rows import Bound, Row, Total, rows_of, tightest, totals_of
from hopfield_opt.comparison.runs import Run
from hopfield_opt.files import write_whole
from hopfield_opt.printing import as_json

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# longer remarks are cut short where lines count; rows and CSV have them whole
LONGEST_REMARK = 44

Table = tuple[list[str], list[list[str]]]


@dataclass(frozen=True, eq=False)
class Comparison:
    """What `compare` gives back.

    Attributes
    ----------
    runs : tuple of Run
        Every run.
    senses : dict of str to str
        The problems, and whether a larger or a smaller value is better.
    time_limit : float
        Seconds for each run.
    seeds : tuple of int
        The seeds.
    interrupted : bool
        Whether Ctrl-C came before everybody was done.
    certificates : dict of str to Certificate
        What was proven of the values of each problem, where something was.
    """

    runs: tuple[Run, ...]
    senses: Mapping[str, str]
    time_limit: float
    seeds: tuple[int, ...]
    interrupted: bool = False
    certificates: Mapping[str, Certificate] = field(default_factory=dict)

    @cached_property
    def rows(self) -> list[Row]:
        """One row for each problem and algorithm, problem by problem."""
        return [
            row
            for problem, sense in self.senses.items()
            for row in rows_of(self._runs_on(problem), sense, self.bounds.get(problem))
        ]

    @cached_property
    def bounds(self) -> dict[str, Bound]:
        """The tightest bound of each problem that has one: a certificate's, or somebody else's."""
        found = {
            problem: tightest(self._runs_on(problem), sense, self.certificates.get(problem))
            for problem, sense in self.senses.items()
        }
        return {problem: bound for problem, bound in found.items() if bound is not None}

    @cached_property
    def summary(self) -> list[Total]:
        """How each algorithm did over all problems."""
        return totals_of(self.rows, dict(self.senses))

    @property
    def curves(self) -> list[Curve]:
        """Quality over time: the median best so far, or the mean gap over several problems."""
        return curves_of(self.runs, self.senses)

    def __str__(self) -> str:
        """Return the tables as aligned text."""
        return "\n\n".join(f"{head}\n{_align(*table)}" for head, table in self._tables())

    __repr__ = __str__

    def to_markdown(self) -> str:
        """Return the tables as Markdown, each under a line that says what it is of."""
        return "\n\n".join(f"{head}:\n\n{_as_markdown(*table)}" for head, table in self._tables())

    def to_csv(self, path: str | PathLike[str] | None = None) -> str:
        """Return all rows as one table of comma-separated values.

        Parameters
        ----------
        path : path-like or None
            A file to write it to as well.

        Raises
        ------
        InputError
            If the file cannot be written.
        """
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([field.name for field in fields(Row)])
        for row in self.rows:
            cells = as_json(asdict(row)).values()
            writer.writerow(["" if cell is None else cell for cell in cells])
        if path is not None:
            # the name of a file may hold bytes that are no text: they come out as they went in
            data = out.getvalue().encode(errors="surrogateescape")
            write_whole(path, lambda file: file.write(data))
        return out.getvalue()

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as plain Python values, for JSON."""
        whole = {
            "time_limit": self.time_limit,
            "seeds": self.seeds,
            "interrupted": self.interrupted,
            "senses": self.senses,
            "bounds": {problem: asdict(bound) for problem, bound in self.bounds.items()},
            "rows": [asdict(row) for row in self.rows],
            "summary": [asdict(total) for total in self.summary],
        }
        return {key: as_json(value) for key, value in whole.items()}

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw quality over time.

        Parameters
        ----------
        ax : Axes or None
            Where to draw; None makes a new figure.

        Returns
        -------
        Axes
            The picture.
        """
        from hopfield_opt.plot.comparisons import comparison

        return comparison(self, ax)

    def _repr_html_(self) -> str:
        """Return the tables for a notebook."""
        return "".join(_html(head, *table) for head, table in self._tables())

    def _runs_on(self, problem: str) -> list[Run]:
        return [run for run in self.runs if run.problem == problem]

    def _tables(self) -> Iterator[tuple[str, Table]]:
        """Yield the title, the names of the columns and the cells of each table."""
        count = len(self.seeds)
        runs = f"{count} seed{'s' * (count != 1)}, {self.time_limit:g} s each"
        cut = "; interrupted" * self.interrupted
        for problem, sense in self.senses.items():
            rows = [row for row in self.rows if row.problem == problem]
            bound = self.bounds.get(problem)
            known = "" if bound is None else f"; bound {_number(bound.value)} by {bound.by}"
            yield f"{problem} ({sense}), {runs}{known}{cut}", _cells(rows)
        if len(self.senses) > 1:
            cells = [
                [_label(total), f"{total.first} of {total.problems}", _percent(total.mean_gap)]
                for total in self.summary
            ]
            yield "over all problems", (["algorithm", "nobody better", "mean gap"], cells)


def _label(row: Row | Total) -> str:
    return f"hopfield-opt {row.algorithm}" if row.kind == "method" else row.algorithm


def _cells(rows: list[Row]) -> Table:
    """Return the table of one problem; columns that would be empty are left out."""
    columns = {
        "algorithm": [_label(row) for row in rows],
        "median": [_number(row.value) for row in rows],
        "best": [_number(row.best) for row in rows],
        "worst": [_number(row.worst) for row in rows],
        "gap": [_percent(row.gap) for row in rows],
        "to bound": [_percent(row.gap_to_bound) for row in rows],
        "feasible": ["" if row.feasible is None else f"{row.feasible:.0%}" for row in rows],
        "to best": [_seconds(row.seconds_to_best) for row in rows],
        "seconds": [_seconds(row.seconds) for row in rows],
        "remark": [_shorten(row.remark) for row in rows],
    }
    kept = {name: cells for name, cells in columns.items() if any(cells) or not rows}
    return list(kept), [list(cells) for cells in zip(*kept.values(), strict=True)]


def _number(value: float | None) -> str:
    """Return a whole number whole, any other with six digits."""
    if value is None:
        return ""
    return f"{value:.0f}" if value == round(value) and abs(value) < 1e15 else f"{value:.6g}"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.2%}"


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}" if value < 0.1 else f"{value:.2f}"


def _shorten(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST_REMARK else f"{flat[: LONGEST_REMARK - 3]}..."


def _align(names: list[str], cells: list[list[str]]) -> str:
    """Return columns of equal width, words to the left and numbers to the right."""
    lines = [names, *cells]
    widths = [max(len(line[k]) for line in lines) for k in range(len(names))]
    words = {0, *(k for k, name in enumerate(names) if name == "remark")}
    return "\n".join(
        "  ".join(
            cell.ljust(width) if k in words else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _as_markdown(names: list[str], cells: list[list[str]]) -> str:
    rule = ["---" if name in ("algorithm", "remark") else "---:" for name in names]
    escaped = [[cell.replace("|", "\\|") for cell in line] for line in (names, rule, *cells)]
    return "\n".join(f"| {' | '.join(line)} |" for line in escaped)


def _html(head: str, names: list[str], cells: list[list[str]]) -> str:
    top = "".join(f"<th>{html.escape(name)}</th>" for name in names)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in line) + "</tr>"
        for line in cells
    )
    return f"<table><caption>{html.escape(head)}</caption><tr>{top}</tr>{body}</table>"
