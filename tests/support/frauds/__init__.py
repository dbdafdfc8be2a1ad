"""A synthetic year of a circuit with planted frauds, to measure what the rules of circuit_review find and miss.

The year is made before the rules look at it and knows none of their limits: frauds are drawn from ranges in which some
are blatant and some subtle, and honest people do a few things that look like frauds.
"""
