from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import uuid4

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.ecoupon.tests.till_common import CouponTillCase
from odoo.addons.merchant_settlement.rules import calendar

CENT = Decimal("0.01")


@tagged("post_install", "-at_install")
class InvoiceCase(CouponTillCase, AccountTestInvoicingCommon):
    """The operator of a circuit, an Italian company with the Italian chart; issuer A, shops B and C; the clearing's books
    are set up by the wizard. Redemptions are as the tills leave them."""

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.quick_ref("merchant_circuit.group_manager")

    @classmethod
    @AccountTestInvoicingCommon.setup_country("it")
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.write(
            {
                "vat": "IT01234560157",
                "l10n_it_codice_fiscale": "01234560157",
                "l10n_it_tax_system": "RF01",
                "street": "Via Larga 1",
                "zip": "20122",
                "city": "Milano",
                "email": "operator@example.org",
            }
        )
        cls.env["res.partner.bank"].create(
            {
                "partner_id": cls.company.partner_id.id,
                "acc_number": "IT60X0542811101000000123456",
                "allow_out_payment": True,
            }
        )
        italy = cls.env.ref("base.it")
        for number, merchant in enumerate(cls.issuer | cls.bookshop | cls.shop):
            merchant.write(
                {
                    "is_company": True,
                    "country_id": italy.id,
                    "street": f"Via Roma {number + 1}",
                    "zip": "20121",
                    "city": "Milano",
                    "vat": ("IT00465840031", "IT06655971007", "IT12345670017")[number],
                    "email": f"member{number}@example.org",
                }
            )
        cls.funder = cls.circuit._clearing_funder()
        cls.env["circuit.account.setup"].create(
            {"funder_id": cls.funder.id, "terms_from": date(2026, 1, 1), "terms_department": "Coupons"}
        )._apply()
        cls.campaign_a = cls.campaign()

    @classmethod
    def sponsor(cls):
        """A public body outside the circuit that pays a share of discounts.

        :return: res.partner
        """
        return cls.env["res.partner"].create(
            {
                "name": "Region",
                "is_company": True,
                "street": "Piazza 1",
                "zip": "20124",
                "city": "Milano",
                "country_id": cls.env.ref("base.it").id,
                "vat": "IT02234560783",
            }
        )

    @classmethod
    def spend(cls, discount, day="2026-04-10", **given):
        """A coupon spent and captured, or reversed, with its redemption.

        :param discount: EUR as text
        :param str day: local day, captured at noon
        :param given: campaign, acceptor, commission (EUR as text; 3 % where absent), sponsor (res.partner), share
            (EUR as text), origin (ecoupon.redemption that is reversed)
        :return: ecoupon.redemption
        """
        campaign = given.get("campaign") or cls.campaign_a
        acceptor = given.get("acceptor") or cls.shop
        origin = given.get("origin") or cls.env["ecoupon.redemption"]
        amount = Decimal(discount)
        sign = -1 if origin else 1
        own = acceptor == campaign.issuer_id
        at = datetime.fromisoformat(f"{day}T10:00:00")
        agreement = cls.agreements.filtered(lambda line: line.merchant_id == acceptor)
        coupon = origin.coupon_id or cls._spent_coupon(campaign)
        key = str(uuid4())
        cls.env.flush_all()
        [(transaction,)] = cls.env.execute_query(
            SQL(
                """
                INSERT INTO circuit_transaction (key, reference, kind, state, channel, instrument_model, instrument_id,
                    funder_id, merchant_id, agreement_id, category_id, origin_id, company_id, currency_id, amount,
                    purchase_total, eligible_total, authorized_at, captured_at, create_date, holder_mask, order_ref)
                VALUES (%s, %s, %s, 'captured', 'web', 'ecoupon.coupon', %s, %s, %s, %s, %s, %s, %s, %s, %s, 40, 40,
                        %s, %s, %s, 'EC-***-TEST', %s) RETURNING id
                """,
                key,
                key[:13],
                "refund" if origin else "payment",
                coupon.id,
                None if own else cls.funder.id,
                acceptor.id,
                agreement.id,
                agreement.category_id.id,
                origin.transaction_id.id or None,
                cls.company.id,
                cls.company.currency_id.id,
                amount,
                at,
                at,
                at,
                key[:8],
            )
        )
        commission = given.get("commission")
        if commission is None:
            commission = (amount * Decimal("0.03")).quantize(CENT, ROUND_HALF_UP)
        # sudo: redemptions are written by the sale alone
        return (
            cls.env["ecoupon.redemption"]
            .sudo()
            .create(
                {
                    "transaction_id": transaction,
                    "origin_id": origin.id,
                    "kind": "refund" if origin else "payment",
                    "at": at,
                    "day": day,
                    "circuit_id": cls.circuit.id,
                    "company_id": cls.company.id,
                    "currency_id": cls.company.currency_id.id,
                    "campaign_id": campaign.id,
                    "coupon_id": coupon.id,
                    "issuer_id": campaign.issuer_id.id,
                    "acceptor_id": acceptor.id,
                    "sponsor_id": given["sponsor"].id if given.get("sponsor") else origin.sponsor_id.id,
                    "area": "public",
                    "purchase": 40,
                    "discount": float(sign * amount),
                    "owed": 0 if own else float(sign * amount),
                    "sponsor_amount": float(sign * Decimal(given.get("share", "0"))),
                    "commission": float(sign * Decimal(commission)),
                }
            )
        )

    @classmethod
    def _spent_coupon(cls, campaign):
        """One coupon for all redemptions of a campaign: its uses are not what is looked at here."""
        found = cls.env["ecoupon.coupon"].sudo().search([("campaign_id", "=", campaign.id)], limit=1)  # sudo: as above
        return found or cls.coupon(campaign)

    @classmethod
    def invoice_month(cls, month="2026-04", at=None):
        """Run a month on the morning of the fifth day after it.

        :param str month: e.g. 2026-04
        :param datetime at: when else, naive UTC
        :return: account.move that this pass made
        """
        first = date.fromisoformat(f"{month}-01")
        runs = cls.env["ecoupon.invoice.run"]
        run = runs.search([("circuit_id", "=", cls.circuit.id), ("month", "=", first)])
        run = run or runs.create({"circuit_id": cls.circuit.id, "month": first})
        before = run.move_ids
        after = datetime.combine(calendar.plus_months(first, 1), datetime.min.time()) + timedelta(days=4, hours=6)
        with freeze_time(at or after):
            run.action_start()
        run.invalidate_recordset()
        cls.month_run = run
        return run.move_ids - before

    def figures(self, move):
        """Untaxed, VAT and total of a document.

        :return: tuple of str
        """
        return tuple(f"{move[name]:.2f}" for name in ("amount_untaxed", "amount_tax", "amount_total"))

    def balance(self, account):
        """What the posted books say on an account.

        :return: Decimal
        """
        lines = self.env["account.move.line"].sudo()  # sudo: the test reads the books
        [(total,)] = lines._read_group(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")], [], ["balance:sum"]
        )
        return Decimal(f"{total or 0:.2f}")
