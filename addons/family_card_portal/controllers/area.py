"""The citizen's own area: default deny, keyed on the household of the login."""

from datetime import date, timedelta
from decimal import Decimal

from odoo import fields, http
from odoo.http import request
from odoo.tools import SQL

from odoo.addons.family_card.tools import local_time
from odoo.addons.merchant_circuit.controllers.presentation import day, moment, money, secure
from odoo.addons.portal.controllers.portal import CustomerPortal

#: A credit is called "about to expire" this many days before its end.
SOON_DAYS = 30
PAGE = 20


def my_card(card_id):
    """A card of the user's own household.

    :param int card_id: from the address
    :return: family.card with the rights of the system
    :raises NotFound: somebody else's, or none at all: the answer is the same
    """
    # Looked for among the user's cards, so that the id of another household finds nothing.
    card = request.env.user._citizen_cards().filtered(lambda own: own.id == card_id)
    if not card:
        raise request.not_found()
    return card


class FamilyCardArea(CustomerPortal):
    def _prepare_portal_layout_values(self):
        """Tell the home page that the area exists."""
        return {**super()._prepare_portal_layout_values(), "family_card_area": True}

    @http.route("/my/card", type="http", auth="user", methods=["GET"], website=True)
    def card_home(self):
        """Balance, lots and programme of every card of the household, and what was applied for (R-004-85)."""
        user = request.env.user
        cards = user._citizen_cards()
        # sudo: texts and contacts of running programmes are public
        programs = request.env["family.card.program"].sudo().search([("state", "=", "open")])
        values = {
            "page_name": "family_card",
            "linked": bool(user._citizen()),
            "cards": [self._present(card) for card in cards],
            "applications": [self._application(own) for own in self._my_applications()],
            "reports": self._my_reports(),
            "programs": cards.program_id,
            "other_programs": programs - cards.program_id,
        }
        return secure(request.render("family_card_portal.area_home", values))

    @http.route(
        ["/my/card/<int:card_id>/movements", "/my/card/<int:card_id>/movements/page/<int:page>"],
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def card_movements(self, card_id, page=1):
        """Movements of one card, page by page (R-004-46)."""
        card = my_card(card_id)
        count = card._area_movement_count()
        pages = max(1, -(-count // PAGE))
        page = min(max(page, 1), pages)
        values = {
            "page_name": "family_card_movements",
            "card": card,
            "movements": [self._movement(card, row) for row in card._area_movements(PAGE, (page - 1) * PAGE)],
            "count": count,
            "page_number": page,
            "pages": pages,
        }
        return secure(request.render("family_card_portal.area_movements", values))

    @http.route("/my/card/<int:card_id>/why", type="http", auth="user", methods=["GET"], website=True)
    def card_why(self, card_id):
        """Every step from the household to its yearly credit, and what was credited of it (R-004-19)."""
        card = my_card(card_id)
        result = card.quotient_result_id
        values = {
            "page_name": "family_card_why",
            "card": card,
            "annual": money(card.annual_amount, card.currency_id),
            "result": result,
            "intro": request.env._("Credit of your household for the year %s:", card.program_id.year),
            "basis": request.env._(
                "Computed on your household as it was on %(day)s, with %(count)s members, by the table “%(table)s”.",
                day=day(result.day),
                count=result.members,
                table=result.quotient_id.name or "",
            ),
            "lines": [self._why_line(line) for line in result.line_ids],
            "credits": self._credits(card),
        }
        return secure(request.render("family_card_portal.area_why", values))

    # ------------------------------------------------------------ presentation

    def _my_applications(self):
        # sudo: a citizen has no right on the model; what comes back was made by this login
        return request.env["family.card.application"].sudo()._of_user(request.env.user)

    def _my_reports(self):
        """Reports about shops that this login has filed (R-004-93): list of dict number, shop, day, state."""
        # sudo: a citizen has no right on the model; the domain is the whole of what they may see
        reports = request.env["circuit.complaint"].sudo().search([("reporter_user_id", "=", request.env.uid)])
        states = dict(reports._fields["state"]._description_selection(request.env))
        return [
            {
                "number": report.name,
                "shop": report.merchant_id._shop_label(),
                "day": moment(report.received_at, report.circuit_id.tz),
                "state": states[report.state],
                "outcome": report.outcome if report.state == "closed" else "",
            }
            for report in reports
        ]

    def _application(self, application):
        """An application as the area lists it."""
        return {
            "record": application,
            "label": application.number or request.env._("Draft"),
            "state": application._public_state(),
            "filed_at": moment(application.filed_at, application.program_id.tz),
        }

    def _present(self, card):
        """A card as the area shows it."""
        at = fields.Datetime.now()
        program, currency = card.program_id, card.currency_id
        terms = program._terms_at(program._local_day(at))
        later = bool(terms.spendable_from) and terms.spendable_from > at
        return {
            "record": card,
            "program": program,
            "label": program.card_label,
            "accounts": [
                {
                    "label": account["label"],
                    "available": money(account["balance"], currency),
                    "lots": [self._lot(lot, program._local_day(at), currency) for lot in account["lots"]],
                }
                for account in card._account_overview(at)
            ],
            "coming": [
                request.env._(
                    "%(amount)s on %(account)s, from %(day)s",
                    amount=money(lot["amount"], currency),
                    account=lot["label"],
                    day=day(local_time(lot["available_from"], program.tz).date()),
                )
                for lot in card._area_coming(at)
            ],
            "spendable_text": request.env._(
                "The card works in the shops from %s.", moment(terms.spendable_from, program.tz)
            )
            if later
            else "",
            "validity": request.env._(
                "Valid at all affiliated shops for the whole year %s; each credit until its own last day.", program.year
            ),
            "open": card.state != "closed",
            "code": bool(card._code_seconds()),
            "last": [self._movement(card, row) for row in card._area_movements(3)],
        }

    def _lot(self, lot, today, currency):
        last_day = lot["expires_on"] and date.fromisoformat(lot["expires_on"])
        return {
            "amount": money(lot["amount"], currency),
            "last_day": day(last_day),
            "soon": bool(last_day) and last_day - today <= timedelta(days=SOON_DAYS),
        }

    def _movement(self, card, row):
        """A movement in words."""
        detail = row["memo"] if row["kind"] in ("credit", "extension", "adjustment") else ""
        if row["kind"] == "debit" and row["by_code"]:
            detail = request.env._("Paid with a one-time code")
        return {
            "at": moment(row["at"], card.program_id.tz),
            "text": self._movement_text(row),
            "detail": detail,
            "reference": row["reference"],
            "account": row["label"],
            "amount": money(row["amount"], card.currency_id) if Decimal(row["amount"]) else "",
            "incoming": Decimal(row["amount"]) > 0,
            "balance": money(row["balance"], card.currency_id),
        }

    def _movement_text(self, row):
        _ = request.env._
        # sudo: the name of the shop where the household itself has bought
        shop = request.env["res.partner"].sudo().browse(row["merchant_id"] or []).exists()
        texts = {
            "credit": _("Credit"),
            "debit": _("Purchase at %s", shop._shop_label()) if shop else _("Purchase"),
            "give_back": _("Refund from %s", shop._shop_label()) if shop else _("Refund"),
            "expiry": _("Credit expired"),
            "extension": _("Expiry postponed"),
            "adjustment": _("Correction by the office"),
        }
        return texts.get(row["kind"], row["kind"])

    def _why_line(self, line):
        return {
            "label": line.label,
            "detail": line.detail or "",
            "step": f"× {line.factor:g}" if line.multiplies else money(f"{line.amount:.2f}", line.currency_id),
            "running": money(f"{line.running:.2f}", line.currency_id),
        }

    def _credits(self, card):
        """What was credited, by occasion: list of dict name, at, amount."""
        card.env.flush_all()
        rows = card.env.execute_query_dict(
            SQL(
                """
                SELECT max(e.memo) AS name, min(e.occurred_at) AS at, sum(e.amount)::text AS amount
                  FROM stored_value_entry e JOIN stored_value_account a ON a.id = e.account_id
                 WHERE a.card_id = %s AND e.kind = 'credit' GROUP BY coalesce(e.memo, ''), e.occurred_at
                 ORDER BY min(e.occurred_at), 1
                """,
                card.id,
            )
        )
        return [
            {
                "name": row["name"] or request.env._("Credit"),
                "at": moment(row["at"], card.program_id.tz),
                "amount": money(row["amount"], card.currency_id),
            }
            for row in rows
        ]
