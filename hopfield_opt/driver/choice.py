"""Which dynamics is meant, and whether it fits the network."""

from hopfield_opt.dynamics import named
from hopfield_opt.dynamics.auto import Auto
from hopfield_opt.dynamics.base import Dynamics
from hopfield_opt.errors import InputError, show
from hopfield_opt.groups import overlapping_equalities
from hopfield_opt.hamiltonian import Hamiltonian, Network


def find_dynamics(method: str | Dynamics | Auto) -> Dynamics | Auto:
    """Return the dynamics of a name, or the one that was given."""
    dynamics = named(method)() if isinstance(method, str) else method
    if isinstance(dynamics, (Dynamics, Auto)):
        return dynamics
    if isinstance(dynamics, type) and issubclass(dynamics, (Dynamics, Auto)):
        name = dynamics.__name__
        raise InputError(
            f"method must be a name or a dynamics, got the class {name}. Make one with {name}()."
        )
    raise InputError(
        f"method must be a name or a dynamics, got {show(method)}. "
        "See hopfield_opt.dynamics.available(); one of your own inherits dynamics.base.Dynamics."
    )


def find_candidates(
    dynamics: Dynamics | Auto, network: Hamiltonian
) -> tuple[tuple[Dynamics, ...], str]:
    """Return the dynamics that may suit a network, the usual one first, and why it is that.

    It is one alone if it was asked for, and keeps all groups.
    """
    if isinstance(dynamics, Auto):
        return dynamics.candidates(network)
    check_fit(network, dynamics)
    return (dynamics,), "as asked"


def check_fit(network: Hamiltonian | Network, dynamics: Dynamics) -> None:
    """Refuse a dynamics that would break groups, or that needs an energy where there is none."""
    if isinstance(network, Network) and dynamics.needs_energy:
        raise InputError(
            f"network must have an energy for {dynamics.name}, got a Network. "
            "Take a method that follows local fields, such as asynchronous, synchronous or "
            "glauber, or a Hamiltonian with symmetric weights."
        )
    if wanted := dynamics.misfit(network):
        raise InputError(
            f"network must have {wanted} for {dynamics.name}, got {network!r}. "
            "Choose another method."
        )
    groups = getattr(network, "groups", ())
    for group in groups:
        if type(group) not in dynamics.keeps:
            raise InputError(
                f"method must keep {type(group).__name__} groups, got {dynamics.name}. "
                'Compile with structure="penalty", or choose a method that keeps them.'
            )
    overlaps = () if dynamics.keeps_overlaps else overlapping_equalities(groups)
    if overlaps:
        raise InputError(
            f"method must keep equalities that overlap, such as {overlaps[0]!r}, "
            f"got {dynamics.name}. "
            'Compile with structure="counts", or choose a method that keeps them.'
        )
