"""When the lines of an order may still be written."""

from contextlib import contextmanager

SETTLED = ("paid", "done")
_STORING = "pos_circuit.storing"


@contextmanager
def storing(env):
    """While an order is created or written its lines are written with it. The cursor knows it and not the
    context, which a client can fill in.

    :param env: environment of the call
    """
    before = env.cr.cache.get(_STORING, 0)
    env.cr.cache[_STORING] = before + 1
    try:
        yield
    finally:
        env.cr.cache[_STORING] = before


def is_storing(env):
    """Whether an order is being created or written in this database transaction.

    :param env: environment of the call
    :return: bool
    """
    return env.cr.cache.get(_STORING, 0) > 0
