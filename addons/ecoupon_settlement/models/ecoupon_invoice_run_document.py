from odoo import Command, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date
from odoo.tools.misc import format_amount

from odoo.addons.stored_value.tools import read_committed, to_decimal

from ..rules.invoice import COMMISSION, stamp


class EcouponInvoiceRun(models.Model):
    """One document: its lines, taxes and what Italian electronic invoices want to know (R-000-24, R-000-25, C11)."""

    _inherit = "ecoupon.invoice.run"

    def _check_debtor(self, partner):
        """Whoever gets an invoice has what it must say.

        :param partner: res.partner
        :raise UserError: what is missing
        """
        wanted = [
            (partner.street, self.env._("street")),
            (partner.zip, self.env._("postcode")),
            (partner.city, self.env._("city")),
            (partner.country_id, self.env._("country")),
            (partner.vat or partner.l10n_it_codice_fiscale, self.env._("VAT number or fiscal code")),
            (
                partner.with_company(self.company_id).property_account_receivable_id,
                self.env._("account receivable"),
            ),
        ]
        missing = [label for value, label in wanted if not value]
        if missing:
            raise UserError(
                self.env._("enter in its contact: %s. Then look for what is missing again.", ", ".join(missing))
            )

    def _make(self, document, parts):
        """Make and post one document and note what it holds.

        :param document: rules.invoice.Document
        :param parts: all parts of the debtor
        :raise UserError: accounting or the electronic invoice refuses it
        """
        move = self.env["account.move"]
        if document.lines:
            move = move.with_company(self.company_id).create(self._move_values(document))
            self._check_move(move, document)
            move._post(soft=False)
        self._note(document, move, {(part.redemption, part.kind): part.amount for part in parts})

    def _move_values(self, document):
        """Values of the invoice or credit note.

        :param document: rules.invoice.Document
        :return: dict of account.move
        """
        funder, today = self.circuit_id._clearing_funder(), self._today()
        partner = self.env["res.partner"].browse(document.debtor)
        origin = self.env["account.move"].browse(document.origin)
        position = origin.fiscal_position_id or funder._invoice_position(partner, today)
        # in the language of whoever reads it, else of the operator
        words = self.with_context(lang=partner.lang or self.company_id.partner_id.lang or self.env.lang)
        term = partner.with_company(self.company_id).property_payment_term_id or funder.invoice_term_id
        legal = self.env["settlement.legal"]
        values = {
            "move_type": "out_refund" if document.refund else "out_invoice",
            "journal_id": funder.invoice_journal_id.id,
            "partner_id": partner.id,
            "invoice_date": today,
            "date": today,
            "invoice_payment_term_id": False if document.refund else term.id,
            "fiscal_position_id": position.id,
            "currency_id": self.currency_id.id,
            "invoice_origin": words.display_name,
            "invoice_user_id": False,
            "ecoupon_run_id": self.id,
            "invoice_line_ids": [
                Command.create(words._line_values(line, funder, partner, position, origin)) for line in document.lines
            ],
        }
        outside = [line.amount for line in document.lines if line.kind != COMMISSION]
        if outside:
            values["narration"] = legal._at("vat_note", today).text
            values["l10n_it_stamp_duty"] = float(
                stamp(
                    abs(sum(outside)),
                    to_decimal(legal._at("stamp_threshold", today).amount),
                    to_decimal(legal._at("stamp_amount", today).amount),
                )
            )
        if origin and document.refund:
            values |= {
                "reversed_entry_id": origin.id,
                "ref": words.env._("Coupons reversed after %s", origin.name),
            }
        if partner._l10n_it_edi_is_public_administration():
            agreement = self.env["circuit.agreement"].search(
                [("merchant_id", "=", partner.id), ("circuit_id", "=", self.circuit_id.id)], limit=1
            )
            values |= {
                "l10n_it_origin_document_type": "agreement",
                "l10n_it_origin_document_name": agreement.name or self.circuit_id.name,
                "l10n_it_origin_document_date": min(agreement.date_from or today, today),
            }
        return values

    def _line_values(self, line, funder, partner, position, origin):
        """Values of one line.

        :param line: rules.invoice.Line
        :param funder: the clearing
        :param partner: res.partner, the debtor
        :param position: account.fiscal.position of the debtor
        :param origin: account.move that a credit note corrects, or empty
        :return: dict of account.move.line
        """
        env = self.env
        said = {
            "month": format_date(env, self.month, date_format="MM/yyyy"),
            "count": line.count,
            "campaign": env["ecoupon.campaign"].browse(line.campaign).name or "",
        }
        if line.kind == COMMISSION:
            name = env._("Commission on coupons spent, %(month)s (coupons: %(count)s)", **said)
            account = position.map_account(funder.contribution_account_id)
            former = origin.ecoupon_item_ids.filtered(lambda item: item.part == COMMISSION).move_line_id[:1]
            # what is taken back bears the VAT it was invoiced with
            taxes = former.tax_ids or self._commission_tax(funder, partner, position)
        else:
            name = {
                "value": env._("Coupons “%(campaign)s” spent at other members, %(month)s (%(count)s)", **said),
                "own": env._("Sponsor's share of own coupons “%(campaign)s”, %(month)s (%(count)s)", **said),
                "sponsor": env._("Sponsor's share of coupons “%(campaign)s”, %(month)s (%(count)s)", **said),
            }[line.kind]
            account, taxes = funder.liability_account_id, funder.value_tax_id
        return {
            "name": name,
            "account_id": account.id,
            "quantity": 1,
            "price_unit": float(line.amount),
            "tax_ids": [Command.set(taxes.ids)],
        }

    def _commission_tax(self, funder, partner, position):
        """VAT of the commission: abroad the service is outside Italian VAT, else the fiscal position says (C11).

        :return: account.tax
        """
        home = self.company_id.account_fiscal_country_id
        if funder.foreign_tax_id and partner.vat and partner.country_id and partner.country_id != home:
            return funder.foreign_tax_id
        return position.map_tax(funder.commission_tax_id)

    def _check_move(self, move, document):
        """The document says what the coupons say, on the day it should, and may leave as an electronic invoice.

        :param move: account.move, a draft
        :param document: rules.invoice.Document
        :raise UserError: it does not
        """
        funder = self.circuit_id._clearing_funder()
        closed = funder._invoice_closed(self._today())
        if closed:
            raise UserError(closed)
        if to_decimal(move.amount_untaxed) != document.total or move.date != self._today():
            raise UserError(
                self.env._(
                    "the document would be of %(amount)s before VAT on %(day)s, and must be of %(total)s. Look at the"
                    " taxes of %(funder)s: none may be included in the price.",
                    amount=format_amount(self.env, move.amount_untaxed, move.currency_id),
                    day=format_date(self.env, move.date),
                    total=format_amount(self.env, float(document.total), move.currency_id),
                    funder=funder.name,
                )
            )
        if self.company_id.account_fiscal_country_id.code == "IT":
            errors = move._l10n_it_edi_export_data_check()
            if errors:
                raise UserError(" ".join(error["message"] for error in errors.values()))

    def _note(self, document, move, amounts):
        """Write which line holds what, in one statement.

        :param document: rules.invoice.Document
        :param move: account.move, posted, or empty when all cancels out
        :param dict amounts: (redemption, part) to Decimal
        """
        rows = [(redemption, kind, None) for redemption, kind in document.empty]
        lines = move.invoice_line_ids.sorted(lambda line: (line.sequence, line.id))
        for line, made in zip(document.lines, lines, strict=True):
            rows += [(redemption, line.kind, made.id) for redemption in line.redemptions]
        self.env.flush_all()
        columns = [list(column) for column in zip(*rows, strict=True)]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO ecoupon_invoice_item (redemption_id, part, run_id, company_id, circuit_id, debtor_id, move_id,
                                                  move_line_id, amount, month, campaign_id)
                SELECT r.id, v.part, %s, r.company_id, r.circuit_id, %s, %s, v.line, v.amount,
                       date_trunc('month', r.day)::date, r.campaign_id
                  FROM unnest(%s::int[], %s::text[], %s::int[], %s::numeric[]) AS v(redemption, part, line, amount)
                  JOIN ecoupon_redemption r ON r.id = v.redemption
                """,
                self.id,
                document.debtor,
                move.id or None,
                *columns,
                [amounts[redemption, kind] for redemption, kind, _line in rows],
            )
        )
        self.env["ecoupon.invoice.item"].invalidate_model()
        move.invalidate_recordset(["ecoupon_item_ids"])

    # ------------------------------------------------------------------ electronic invoices

    def action_send(self):
        """Button: send what was not sent yet to the exchange system, or say so in demonstration mode.

        :return: notification of what was sent and what was refused
        """
        self.check_access("write")
        sent, refused = 0, []
        # sudo: clerks send the invoices of their run and no others
        for move in self.sudo().move_ids.sorted("name"):
            if not move._l10n_it_edi_ready_for_xml_export():
                continue
            read_committed(self.env)
            move.action_l10n_it_edi_send()
            if move.l10n_it_edi_state not in (False, "rejected"):
                sent += 1
            else:
                refused.append(f"{move.name}: {move.l10n_it_edi_header or ''}")
        message = self.env._("Electronic invoices sent: %s.", sent)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if refused else "success",
                "sticky": bool(refused),
                "message": "\n".join([message, *refused]),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
