"""From a subject to the networks that are searched: one for each way to keep its constraints."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hopfield_opt.compiler import Compiled, CompileOptions, compile_with
from hopfield_opt.driver.clock import Clock
from hopfield_opt.driver.guiding import finds_start
from hopfield_opt.dynamics.auto import Auto
from hopfield_opt.dynamics.base import Dynamics
from hopfield_opt.groups import Linear
from hopfield_opt.moves import has_start


def compile_for(subject: Any, options: CompileOptions, method: Dynamics | Auto) -> Compiled:
    """Return the network of a model or of a Hamiltonian, for what a method keeps."""
    overlaps = method.keeps_overlaps
    return compile_with(subject, replace(options, keeps=method.keeps, keeps_overlaps=overlaps))


def networks(compiled: Compiled, clock: Clock) -> Iterator[Compiled]:
    """Yield a network in each way to keep its constraints in which a state is at hand.

    Where that is none, or none is found in the time for it, without ranges: the search has to look
    for a state within them.
    """
    if compiled.infeasible is not None or len(compiled.ways) < 2:
        known = compiled.infeasible is not None or finds_start(compiled.hamiltonian, clock)
        yield compiled if known else compiled.drop_groups({Linear})
        return
    found = False
    for way in compiled.ways:
        network = (one := compiled.way(way)).hamiltonian
        # once there is one, others have the time that the race has for them
        if has_start(network) if found else finds_start(network, clock):
            found = True
            yield one
    if not found:
        yield compiled.drop_groups({Linear})
