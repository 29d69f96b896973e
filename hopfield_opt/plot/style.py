"""What the pictures share: colours that colour-blind eyes tell apart, and where to draw."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe and Ito, "Color universal design" (2008)
BLUE = "#0072B2"
ORANGE = "#E69F00"
VERMILION = "#D55E00"
BLACK = "#1a1a1a"
GREY = "#b5b5b5"


def axes(ax: "Axes | None") -> "Axes":
    """Return where to draw: what was given, or the axes of a new figure."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    _, new = plt.subplots(figsize=(8, 6), layout="constrained")
    return new
