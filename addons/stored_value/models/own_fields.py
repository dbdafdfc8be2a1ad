from odoo import api, models
from odoo.exceptions import AccessError


class OwnFields(models.AbstractModel):
    """A model some of whose fields only its own actions write, with the rights of the system: not a form, an import,
    a remote call, nor a default that a caller suggests."""

    _name = "own.fields"
    _description = "Fields that only actions write"

    def _own_fields(self):
        """Names of those fields.

        :return: set of str
        """
        return set()

    def _own_refusal(self):
        """What somebody is told who writes one of them.

        :return: str
        """
        return self.env._("These fields change only through the buttons.")

    @api.model
    def default_get(self, fields):
        """What the model itself suggests: a ``default_…`` in the context of a call and a user's own defaults would fill
        the fields of the actions otherwise, for they are not checked as the values to create are.

        :param list fields: names
        :return: dict
        """
        values = super().default_get(fields)
        if self.env.su:
            return values
        return values | {name: self._own_default(name) for name in values.keys() & self._own_fields()}

    @api.model_create_multi
    def create(self, vals_list):
        """Create records as they begin.

        :raise AccessError: a field of the actions has another value than it begins with
        """
        if not self.env.su:
            for vals in vals_list:
                if any(
                    vals[name] and vals[name] != self._own_default(name) for name in vals.keys() & self._own_fields()
                ):
                    raise AccessError(self._own_refusal())
        return super().create(vals_list)

    def write(self, vals):
        """Write everything but the fields of the actions.

        :raise AccessError: one of them is among the values
        """
        if not self.env.su and vals.keys() & self._own_fields():
            raise AccessError(self._own_refusal())
        return super().write(vals)

    def _own_default(self, name):
        """What a field begins with, as ``create`` takes it.

        :param str name: field
        """
        field = self._fields[name]
        value = field.convert_to_cache(field.default(self) if field.default else False, self, validate=False)
        return field.convert_to_write(field.convert_to_record(value, self), self)
