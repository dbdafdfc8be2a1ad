"""What looks suspicious in the payments of a circuit: pure functions over plain tuples."""
