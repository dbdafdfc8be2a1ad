"""Odoo inside this very process, without a server: for programs that live in the ORM for minutes."""


def load_registry(config, database, *options):
    """Load the registry of a database, as Odoo's shell does.

    :param str config: path of the configuration that ./civic wrote
    :return: odoo.modules.registry.Registry
    """
    from odoo.modules.registry import Registry
    from odoo.service.server import load_server_wide_modules
    from odoo.tools import config as odoo_config

    fixed = ["--no-http", "--log-level=warn", "--max-cron-threads=0"]
    odoo_config.parse_config(["-c", config, "-d", database, *fixed, *options], setup_logging=True)
    load_server_wide_modules()
    return Registry(database)
