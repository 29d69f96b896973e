"""From a subject to the networks that are searched: one for each way to keep its constraints."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hopfield_opt.compiler import Compiled, CompileOptions, compile_with
from hopfield_opt.compiler.options import METHOD
from hopfield_opt.driver.clock import Clock
from hopfield_opt.driver.guiding import finds_start
from hopfield_opt.driver.phases import tell
from hopfield_opt.dynamics.auto import Auto
from hopfield_opt.dynamics.base import Dynamics
from hopfield_opt.groups import Linear
from hopfield_opt.moves import has_start


def compile_for(subject: Any, options: CompileOptions, method: Dynamics | Auto) -> Compiled:
    """Return the network of a model or of a Hamiltonian, for what a method keeps."""
    kept = {name: getattr(method, name) for name in METHOD}
    compiled = compile_with(subject, replace(options, **kept))
    tell("compiled for %s: %r", method.name, compiled.hamiltonian)
    return compiled


def networks(compiled: Compiled, method: Dynamics | Auto, clock: Clock) -> Iterator[Compiled]:
    """Yield a network in each way to keep its constraints in which a state is at hand.

    Where that is none, or none is found in the time for it, without ranges: the search has to look
    for a state within them. A method that serves none of the ways gets what it always keeps.
    """
    if compiled.infeasible is not None or method.keeps_all_rows:
        yield compiled
        return
    alone = None if isinstance(method, Auto) else method.keeps_alone
    dropped = {Linear} if alone is None else {Linear} | (method.keeps - alone)
    found, failed = False, list[str]()
    for way in compiled.ways or ("",):
        one = compiled.way(way) if way else compiled
        network = one.hamiltonian
        if not isinstance(method, Auto) and alone is not None and method.misfit(network):
            continue
        # once there is one, others have the time that the race has for them
        if has_start(network) if found else finds_start(network, clock):
            found = True
            yield _without_start(one, failed)
            if alone is not None:
                return  # of its ways the first has the most
        elif not found:
            failed.append(one.structure)
    if not found:
        yield _without_start(compiled.drop_groups(dropped), failed)


def _without_start(compiled: Compiled, failed: list[str]) -> Compiled:
    """Return the network, which says in which ways no start was found."""
    if not failed:
        return compiled
    names = " or ".join(f'"{name}"' for name in failed)
    note = f"no state was found in which all rows hold that structure={names} keeps"
    return replace(compiled, notes=(note, *compiled.notes))
