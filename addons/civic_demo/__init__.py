from .demo import build


def post_init_hook(env):
    """Build the demo after the installation.

    :param env: superuser environment of the new database.
    """
    build(env)
