"""Isolation level of the statements that move money."""

from odoo import modules


def read_committed(env):
    """Make the rest of this database transaction READ COMMITTED.

    Odoo's cursors are REPEATABLE READ: whoever waits for the row lock of a busy account gets a
    serialization error afterwards and Odoo sleeps for seconds before it tries again. Under
    READ COMMITTED the waiter goes on with the row as the winner left it.

    Call it first: what was done before in the transaction is flushed and committed. During tests
    and module installation the cursor may not be committed and nothing runs in parallel, so the
    level stays as it is.

    :param env: the environment whose cursor is meant
    """
    env.flush_all()
    if modules.module.current_test or not env.registry.ready:
        return
    env.cr.commit()
    env.cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
