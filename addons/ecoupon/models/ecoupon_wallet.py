import secrets

from odoo import api, fields, models
from odoo.tools import SQL


class EcouponWallet(models.Model):
    """The virtual wallet of an entitled citizen: a stored-value account a funder (R-000-16)."""

    _name = "ecoupon.wallet"
    _description = "Virtual wallet"
    _order = "id desc"
    _rec_name = "partner_id"

    circuit_id = fields.Many2one("circuit.circuit", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", "Citizen", required=True, readonly=True, index=True, ondelete="restrict"
    )
    account_ids = fields.One2many("stored.value.account", "wallet_id", readonly=True)
    reward_ids = fields.One2many("ecoupon.reward", "wallet_id", readonly=True)

    _one = models.Constraint("UNIQUE (circuit_id, partner_id)", "A citizen has one wallet in a circuit.")

    _PARAMETER = "ecoupon.wallet_secret"

    @api.model
    def _ensure_secret(self):
        """Draw the secret of the one-time codes once, at installation. It is our own parameter because Odoo draws a new
        ``database.secret`` when a database is copied."""
        # sudo: the secret is for the server only
        parameters = self.env["ir.config_parameter"].sudo()
        if not parameters.get_param(self._PARAMETER):
            parameters.set_param(self._PARAMETER, secrets.token_hex(32))

    @api.model
    def _secret(self):
        # sudo: the secret is for the server only
        return self.env["ir.config_parameter"].sudo().get_param(self._PARAMETER)

    @api.model
    def _of_citizen(self, partner, circuit):
        """The wallet of a citizen, opened when somebody entitled first asks for it. Who is no longer entitled still
        sees the wallet; nothing can be spent from it.

        :param partner: res.partner; the caller has checked that the user may see it
        :param circuit: circuit.circuit
        :return: ecoupon.wallet with the rights of the caller; empty: none, and not entitled
        """
        # sudo: citizens have no rights on wallets; the caller has checked whose it is
        wallet = self.sudo().search([("circuit_id", "=", circuit.id), ("partner_id", "=", partner.id)], limit=1)
        if not wallet and self.env["ecoupon.entitlement"]._holds(partner, circuit, circuit._local_day()):
            wallet = self._open(circuit, partner)
        return wallet.with_env(self.env)

    @api.model
    def _open(self, circuit, partners):
        """Wallets of citizens in a circuit; those that are missing are opened, also when somebody else is doing so.

        :param circuit: circuit.circuit
        :param partners: res.partner
        :return: ecoupon.wallet with the rights of the system
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "INSERT INTO ecoupon_wallet (circuit_id, company_id, partner_id, create_uid, create_date, write_uid,"
                " write_date) SELECT %(circuit)s, %(company)s, id, %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s,"
                " now() AT TIME ZONE 'UTC' FROM unnest(%(partners)s) AS id ORDER BY id ON CONFLICT DO NOTHING",
                circuit=circuit.id,
                company=circuit.company_id.id,
                uid=self.env.uid,
                partners=partners.ids,
            )
        )
        # sudo: wallets are opened and found by their own actions only
        return self.sudo().search([("circuit_id", "=", circuit.id), ("partner_id", "in", partners.ids)])

    def _lock(self):
        """Let nobody else open accounts in these wallets or spend from them until this database transaction ends. The
        rows are written, not only locked: a transaction that began before must see that its picture is old."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL("SELECT FROM ecoupon_wallet WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", self.ids)
        )
        self.env.cr.execute(SQL("UPDATE ecoupon_wallet SET write_date = write_date WHERE id = ANY(%s)", self.ids))

    def _accounts(self, funder):
        """Accounts of these wallets for what a funder pays; those that are missing are opened. The caller holds the
        wallets' locks.

        :param circuit.funder funder: empty: points that nobody funds
        :return: dict of wallet's id to account's id
        """
        # sudo: accounts are opened by the code that owns them
        accounts = self.env["stored.value.account"].sudo()
        found = accounts.search([("wallet_id", "in", self.ids), ("funder_id", "=", funder.id)])
        missing = self - found.wallet_id
        found |= accounts._open(
            [
                {
                    "name": self.env._("Wallet %s", wallet.id),
                    "company_id": wallet.company_id.id,
                    "currency_id": wallet.company_id.currency_id.id,
                    "partner_id": wallet.partner_id.id,
                    "wallet_id": wallet.id,
                    "funder_id": funder.id,
                }
                for wallet in missing
            ]
        )
        return {account.wallet_id.id: account.id for account in found}
