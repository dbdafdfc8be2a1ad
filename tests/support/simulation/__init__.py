"""A synthetic municipality lives a year: the events, a naive oracle of what must follow, and the comparison with Odoo.

people    who lives there, drawn at random from a seed
world     what happens on each day
oracle    the notice in the simplest words: lots in lists, whole cents, nothing shared with the addons' rules
driver    the same events through the addons' own methods
year      both, one event after the other, and the differences
checks    every evening the whole ledger against the oracle
report    what was done
"""
