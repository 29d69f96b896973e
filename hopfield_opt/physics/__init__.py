"""The physics of spin systems: enumeration, formulas, overlaps and labels of states."""
