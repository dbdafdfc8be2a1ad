from odoo import models

# The European Payments Council (EPC132-08) takes 70 characters of a name where the ISO schema takes 140.
NAME_MAX = 70


class ResPartnerBank(models.Model):
    _inherit = "res.partner.bank"

    def _generate_party_block(self, parent_node, block_level, gen_args, payment=None):
        """Cut names where banks do."""
        limited = {**gen_args, "name_maxsize": min(gen_args["name_maxsize"], NAME_MAX)}
        return super()._generate_party_block(parent_node, block_level, limited, payment)
