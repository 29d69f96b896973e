"""The commands that list what there is."""

import inspect


def problems() -> None:
    """List the problems, with the formats that they can be read from."""
    from hopfield_opt.problems import available

    for name, kind in available().items():
        title = (inspect.getdoc(kind) or "").partition("\n")[0]
        print(f"{name:<20}{title} [{', '.join(getattr(kind, 'formats', ())) or 'no files'}]")


def methods() -> None:
    """List the methods."""
    from hopfield_opt.dynamics import available

    for name, kind in available().items():
        print(f"{name:<22}{kind.summary}")
