from . import controllers, models, rules, wizards


def _post_init(env):
    """Draw the server's secret for the keys."""
    env["circuit.api.key"]._ensure_secret()
