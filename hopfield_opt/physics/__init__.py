"""The physics of spin systems: enumeration and, later, formulas and observables."""
