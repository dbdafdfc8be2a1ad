"""How the rows of the second municipality (support/twin.py) are known."""

#: Every text of theirs begins with it.
MARK = "TWIN"
#: Their ids begin here.
OFFSET = 5_000_000
