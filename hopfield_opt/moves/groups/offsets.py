"""The tables of the kernels that keep every group, one replica at a time.

Every table is one run of `ints` or `floats`, and ``at[NAME]`` is where the run begins. With all
tables as arrays in seven named tuples the same kernels took 2.2 to 2.7 times as long to compile
(cold, CPU seconds of sweeps, tabu and mend, four networks of all kinds). What the runs hold is
said in `coupling_tables.py`; of one replica there are

    s       spins, -1 and +1
    lists   ORDER: members of counting groups, those that are on first; POSITION: of a spin in
            ORDER; ON: how many are on; COLUMN, ROW: the places of a permutation; LISTED: the
            entries of a Linear group, the high ones first; SLOT: of an entry in LISTED; HIGH:
            how many are high
    fields  explicit and Kronecker local fields minus thresholds, one more for holes; FORM: the
            values ``a_k . s``; TOTAL: the sums of the Linear groups
    w       the four words of a xoshiro256++ stream

An entry of a Linear group is *high* while it adds the larger of its two values to the sum.
"""

# fmt: off
(NUM_SPINS, NUM_COUNTS, NUM_BLOCKS, NUM_RANGES, NUM_FORMS,
 LINK_PTR, LINK_SPIN, LINK_WEIGHT,
 P_PTR, P_ROW, P_VALUE, P_BASE, Q_PTR, Q_COLUMN, Q_VALUE, PLACE_SPIN, SCALE,
 ENTRY_PTR, ENTRY_PART, ENTRY_ROW, ENTRY_COLUMN, ENTRY_LOCAL, FACTOR, OWN,
 FORM_PTR, FORM_OF, FORM_VALUE, FORM_COEFFICIENT, THRESHOLD,
 PLAIN, KIND, GROUP, FIRST, MEMBERS, MODE, LOWER, UPPER, LINKED, NEAR_PTR, NEAR,
 SIZE, ORIGIN, LINE, SPIN_AT, ALLOWED, OPEN_PTR, OPEN_COLUMN, CYCLES, ROW_OF, COLUMN_OF,
 RANGE_PTR, RANGE_OF, RANGE_COEFFICIENT, RANGE_SPIN, RANGE_FIRST, RANGE_MEMBERS,
 RANGE_LOWER, RANGE_UPPER, RANGE_SCALE,
 ORDER, POSITION, ON, COLUMN, ROW, LISTED, SLOT, HIGH, FORM, TOTAL) = range(69)
# fmt: on

NUMBERS = {name: value for name, value in globals().items() if name.isupper()}

FREE, COUNT, PLACE = 0, 1, 2
EXCHANGE, AT_MOST_ONE, RANGE = 0, 1, 2
