def own_defaults(records, values, names):
    """Defaults in which fields that nobody may write are what the model says. A ``default_…`` in the context of a call
    and a user's own defaults would fill them otherwise: they are not checked as the values to create are.

    :param records: the model; with the rights of the system nothing changes
    :param dict values: what ``default_get`` found
    :param names: fields that only the model's own actions write
    :return: dict
    """
    own = {}
    for name in [] if records.env.su else values.keys() & set(names):
        field = records._fields[name]
        value = field.convert_to_cache(field.default(records) if field.default else False, records, validate=False)
        own[name] = field.convert_to_write(field.convert_to_record(value, records), records)
    return values | own
