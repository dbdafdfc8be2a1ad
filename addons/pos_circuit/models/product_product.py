from odoo import api, models, tools
from odoo.tools import SQL


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model
    @tools.ormcache("product_id")
    def _circuit_activity(self, product_id):
        """Activity of a product, from memory: the till asks for it at every authorisation.

        :param int product_id: a product.product
        :return: id of the circuit.activity, or None for the merchant's main activity
        :raise KeyError: there is no such product
        """
        self.env["product.template"].flush_model(["circuit_activity_id"])
        rows = self.env.execute_query(
            SQL(
                "SELECT t.circuit_activity_id FROM product_product p"
                " JOIN product_template t ON t.id = p.product_tmpl_id WHERE p.id = %s",
                product_id,
            )
        )
        if not rows:
            raise KeyError(product_id)
        return rows[0][0]
