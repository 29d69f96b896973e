"""What no answer can beat: bounds on all values of a problem, each with a proof to be checked.

================  =================================================================================
`polynomials`     a model in exact numbers, on a way of its own
`instance`        an objective and rows, from a model or a network, with their hash
`trivial`         the sum of what each term is at least
`spin_form`       couplings and fields; what a flow proves; `roof` finds the largest
`signed_graph`    couplings as a signed graph; what cycles in it prove; `odd_cycles` finds them with
                  HiGHS, and the kernel in `odd_walks`
`joins`           cycles around frustrated faces, by a least matching of these: `faces` of a plane
                  or a lattice, kernels in `regions`, `matching`, `blossoms`, `forest`
`semidefinite`    a diagonal that dominates couplings, by the kernel in `mixing`
`linearised`      a linear program; what multipliers prove; `linear` finds them with HiGHS
`tours`           the roads of tours; what multipliers of cities prove; `one_trees` finds them, by
                  the kernel in `spanning`
`assignments`     quadratic assignments; what multipliers of rows and columns prove; `lawler` finds
                  them, by the kernels in `hungarian`
`attainable`      the next value that can be taken at all
`ladder`          the best of all that there is time for
`proofs`          the kinds of proofs, and what each proves
`certificate`     a bound as data, saved, loaded and verified
================  =================================================================================

What proves is exact, knows nothing of what finds, and is all that `Certificate.verify` calls.
"""

from hopfield_opt.bounds.certificate import Certificate as Certificate
from hopfield_opt.bounds.certificate import read_subject as read_subject
from hopfield_opt.bounds.ladder import best_bound as best_bound
from hopfield_opt.bounds.ladder import bound as bound
from hopfield_opt.bounds.linear import arrays_of as arrays_of

__all__ = ["Certificate", "arrays_of", "best_bound", "bound", "read_subject"]
