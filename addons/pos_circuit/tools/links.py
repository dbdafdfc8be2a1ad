"""Guard against reading a stranger's name through a many2one."""


def check_links(records, vals_list):
    """Refuse that a merchant's cashier links a record they may not read.

    Odoo shows the name of a linked record to whoever may read the link. Without this guard a cashier
    could set any citizen as customer of an order by RPC and read the name back.

    :param records: recordset or model the values are written to
    :param vals_list: list of dicts as passed to ``create`` or ``write``
    :raise AccessError: a value points to a record out of the cashier's reach
    """
    env = records.env
    if env.su or not env.user.has_group("pos_circuit.group_merchant_cashier"):
        return
    for vals in vals_list:
        for name, value in vals.items():
            field = records._fields.get(name)
            if value and field is not None and field.type == "many2one":
                env[field.comodel_name].browse(value).check_access("read")
