from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    pos_merchant_id = fields.Many2one(related="pos_config_id.merchant_id", readonly=False)
