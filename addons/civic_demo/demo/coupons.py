"""A small coupon circuit of the Lombardy guidelines beside the towns: twelve members, twenty campaigns, citizens with and
without entitlement, rewarded behaviours and a month of coupons spent (R-000-01 to R-000-38)."""

import base64
import csv
import random
import uuid
from datetime import date, time, timedelta
from decimal import Decimal

from odoo import Command
from odoo.tools import file_open, mute_logger

from odoo.addons.merchant_circuit.rules.till import Line, Terminal

from . import clock
from . import company as companies
from .seasons import instant
from .users import _create, create_citizen

#: Invented: the birthplace Z999 exists nowhere.
CITIZENS = (
    ("anna.bianchi", "Anna Bianchi", "BNCNNA80A41Z999V", True),
    ("gigliola.colombo", "Gigliola Colombo", "CLMGLI72C50Z999C", True),
    ("luca.ferri", "Luca Ferri", "FRRLCU90B10Z999R", False),
)
#: Members whose people log in; their password is the login.
LOGINS = ("libreria", "teatro", "spesa", "caffe")
VISITS = 140
BEHAVIOURS = (
    ("Corso di italiano completato", "CORSO", 20, 2),
    ("Cento chilometri in bicicletta", "BICI", 5, 12),
    ("Visita di prevenzione", "SALUTE", 10, 3),
)
TERMS = """<p>Il circuito è aperto a ogni impresa, con o senza sede in Lombardia, alle stesse condizioni.</p>
<ul><li>Chi emette un coupon ne paga lo sconto.</li><li>La commissione è dovuta solo sui coupon spesi.</li></ul>"""


def open_circuit(env, calendar):
    """Build the circuit and live its last month.

    :param calendar: the demo's Season
    """
    story = _Story(env, calendar)
    story.set_up_company()
    story.open()
    story.set_up_books()
    story.admit()
    story.publish()
    story.entitle()
    story.spend()
    story.invoice()


def rows(name):
    """Rows of a data file."""
    with file_open(f"civic_demo/demo/data/{name}.csv") as source:
        return list(csv.DictReader(source))


class _Story:
    """The circuit while it is made."""

    def __init__(self, env, calendar):
        self.env, self.calendar = env, calendar
        self.rng = random.Random(2015)
        self.begin = calendar.now - timedelta(days=62)
        self.members, self.campaigns, self.citizens, self.others = {}, {}, {}, []

    def set_up_company(self):
        """The company that runs the circuit keeps its own books."""
        env = self.env
        italy = env.ref("base.it")
        with file_open("civic_demo/static/img/ecoupon.png", "rb") as logo:
            image = base64.b64encode(logo.read())
        self.company = env["res.company"].create(
            {
                "name": "Gestore eCoupon Lombardia S.r.l. (inventato)",
                "street": "Via dei Coupon 1",
                "zip": "20124",
                "city": "Milano",
                "state_id": env.ref("base.state_it_mi").id,
                "country_id": italy.id,
                "currency_id": env.ref("base.EUR").id,
                "email": "ecoupon@example.org",
                "vat": "IT99990429997",
                "l10n_it_codice_fiscale": "99990429997",
                "l10n_it_tax_system": "RF01",
                "logo": image,
            }
        )
        self.company.partner_id.lang = companies.LANG
        env.ref("base.user_admin").company_ids = [Command.link(self.company.id)]
        with mute_logger("odoo.addons.account.models.chart_template"):
            env["account.chart.template"].with_context(lang=companies.LANG).try_loading(
                "it", company=self.company, install_demo=False
            )
        self.env = env = env(context={**env.context, "allowed_company_ids": self.company.ids})
        self.staff = _create(
            env,
            self.company,
            "gestore.lombardia",
            {
                "name": "Carla Riva (gestore eCoupon)",
                "group_ids": [
                    Command.set(
                        [
                            env.ref(name).id
                            for name in (
                                "base.group_user",
                                "base.group_partner_manager",
                                "merchant_circuit.group_manager",
                                "merchant_settlement.group_clerk",
                                "account.group_account_manager",
                            )
                        ]
                    )
                ],
                "action_id": env.ref("ecoupon.action_figure").id,
            },
        )
        self.region = _create(
            env,
            self.company,
            "regione",
            {
                "name": "Bruno Galli (Regione, politiche sociali)",
                "group_ids": [Command.set([env.ref("base.group_user").id, env.ref("ecoupon.group_region").id])],
            },
        )

    def open(self):
        """Circuit, operator, territory, terms of joining and of the commission."""
        env = self.env
        region = env["res.partner"].create(
            {
                "name": "Regione Lombardia (modello)",
                "is_company": True,
                "city": "Milano",
                "country_id": env.ref("base.it").id,
                "company_id": self.company.id,
            }
        )
        self.region.partner_id.parent_id = region
        self.policy = env["ecoupon.policy"].create(
            {
                "name": "Reddito di Autonomia",
                "code": "RDA",
                "act": "DGR X/4152 (modello)",
                "region_id": region.id,
                "company_id": self.company.id,
            }
        )
        with clock.at(self.begin):  # the operator runs the circuit from that day on
            self.circuit = env["circuit.circuit"].create(
                {
                    "name": "eCoupon Lombardia (modello)",
                    "company_id": self.company.id,
                    "promoter_id": region.id,
                    "operator_id": self.company.partner_id.id,
                    "reserved_level": "password",
                    "policy_ids": [Command.set(self.policy.ids)],
                }
            )
        self.circuit.action_territory_lombardy()
        env["ecoupon.join.terms"].create(
            {"circuit_id": self.circuit.id, "date_from": date(self.calendar.year, 1, 1), "text": TERMS}
        )
        env["ecoupon.commission"].create(
            {"circuit_id": self.circuit.id, "date_from": date(self.calendar.year - 1, 1, 1), "rate": 3}
        )

    def set_up_books(self):
        """Accounts, journals and taxes of the clearing, with the set-up wizard."""
        self.env["circuit.account.setup"].create(
            {
                "funder_id": self.circuit._clearing_funder().id,
                "terms_from": date(self.calendar.year - 1, 1, 1),
                "terms_department": "Amministrazione",
                "terms_stamp_borne_by": "body",
            }
        ).action_apply()

    def admit(self):
        """Twelve members, one of them abroad, with their commitments, places and logins."""
        env = self.env
        for row in rows("members"):
            partner = env["res.partner"].create(
                {
                    "name": row["name"],
                    "is_company": True,
                    "is_merchant": True,
                    "shop_name": row["shop_name"],
                    "company_id": self.company.id,
                    "street": "Via del Commercio 1",
                    "zip": row["zip"],
                    "city": row["city"],
                    "state_id": env.ref(f"base.state_it_{row['state']}").id if row["state"] else False,
                    "country_id": env.ref(f"base.{row['country']}").id,
                    "lang": companies.LANG,
                    "email": f"{row['key']}@example.org",
                    "vat": row["vat"],
                    "partner_latitude": float(row["latitude"] or 0),
                    "partner_longitude": float(row["longitude"] or 0),
                    "comment": "Esercizio inventato per la dimostrazione.",
                }
            )
            if row["url"]:
                env["circuit.place"].create(
                    {"name": row["shop_name"], "merchant_id": partner.id, "kind": "online", "url": row["url"]}
                )
            agreement = env["circuit.agreement"].create(
                {
                    "circuit_id": self.circuit.id,
                    "merchant_id": partner.id,
                    "category_id": env.ref(f"merchant_circuit.category_{row['category']}").id,
                    "activity_id": env.ref(f"merchant_circuit.activity_{row['activity']}").id,
                    "date_from": self.begin.date() - timedelta(days=30),
                    "role_issue": "I" in row["roles"],
                    "role_distribute": "D" in row["roles"],
                    "role_accept": "A" in row["roles"],
                }
            )
            agreement.action_sign()
            self.members[row["key"]] = agreement
            if row["key"] in LOGINS:
                user = create_citizen(env, self.company, row["key"], row["shop_name"])
                user.merchant_id = partner

    def publish(self):
        """Twenty campaigns, approved two months ago; one proposal is waiting."""
        *approved, waiting = rows("campaigns")
        with clock.at(self.begin):
            for row in approved:
                self.campaigns[row["name"]] = self._campaign(row)
            published = [one for one in self.campaigns.values() if one.area == "public"]
            published += [one for one in self.campaigns.values() if one.area == "reserved"]
            for campaign in published:
                campaign.action_publish()
        self._campaign(waiting).action_propose()

    def _campaign(self, row):
        env = self.env
        accept, _colon, shops = row["accept"].partition(":")
        percent = row["kind"] == "percent"
        return env["ecoupon.campaign"].create(
            {
                "name": row["name"],
                "description": "Offerta inventata per la dimostrazione.",
                "circuit_id": self.circuit.id,
                "issuer_agreement_id": self.members[row["issuer"]].id,
                "kind": row["kind"],
                "amount": 0 if percent else float(row["worth"]),
                "percent": float(row["worth"]) if percent else 0,
                "max_discount": float(row["maximum"] or 0),
                "min_purchase": float(row["minimum"] or 0),
                "goods_ids": [
                    Command.set([env.ref(f"merchant_circuit.activity_{one}").id for one in row["goods"].split()])
                ],
                "accept": accept,
                "accept_merchant_ids": [Command.set([self.members[one].merchant_id.id for one in shops.split()])],
                "place_ids": [Command.set(self.members[row["issuer"]].merchant_id.place_ids.ids)]
                if row["issuer"] == "verlag"
                else [],
                "obtain": row["obtain"],
                "distributor_ids": [Command.set([self.members[one].id for one in row["distributors"].split()])],
                "prize_reference": "CO/0001/2026 (modello)" if row["obtain"] == "earned" else False,
                "wallet_price": 10 if row["obtain"] == "exchanged" else 0,
                "area": row["area"],
                "quantity": int(row["quantity"] or 0),
                "per_person": 0 if row["obtain"] == "earned" else 3,
                "featured": bool(row["featured"]),
                "valid_from": self.begin,
                "valid_to": instant(self.calendar.now.date() + timedelta(days=90), time(0)),
            }
        )

    def entitle(self):
        """Citizens who log in, those whom the Region named, and what they are rewarded for."""
        env = self.env
        for login, name, code, _entitled in CITIZENS:
            user = create_citizen(env, self.company, login, name)
            user.partner_id.write({"l10n_it_codice_fiscale": code, "city": "Milano"})
            user.partner_id.with_user(self.staff).action_identity_seen()
            self.citizens[login] = user
        self.others = [
            env["res.partner"].create({"name": f"Cittadino {number}", "company_id": self.company.id})
            for number in range(1, 31)
        ]
        since = self.begin.date()
        lines = ["codice_fiscale;dal;al", *(f"{code};{since};" for _l, _n, code, entitled in CITIZENS if entitled)]
        lists = env["ecoupon.entitlement.list"].with_user(self.region)
        lists.create(
            {
                "circuit_id": self.circuit.id,
                "policy_id": self.policy.id,
                "file": base64.b64encode("\n".join(lines).encode()),
                "file_name": "aventi-diritto.csv",
            }
        ).action_apply()
        behaviours = [
            env["ecoupon.behaviour"]
            .with_user(self.region)
            .create(
                {
                    "name": name,
                    "code": code,
                    "circuit_id": self.circuit.id,
                    "amount": amount,
                    "most_times": times,
                    "date_from": since,
                    "source_id": self.circuit.promoter_id.id,
                    "budget": 5000,
                }
            )
            for name, code, amount, times in BEHAVIOURS
        ]
        for number, behaviour in enumerate(behaviours):
            env["ecoupon.reward"].with_user(self.staff).create(
                {
                    "behaviour_id": behaviour.id,
                    "partner_id": self.citizens["anna.bianchi"].partner_id.id,
                    "day": self.calendar.now.date() - timedelta(days=20 - 5 * number),
                    "reference": f"demo-{number}",
                }
            )

    def spend(self):
        """A month of coupons taken, handed out, spent, some of them reversed."""
        self._keep()
        start = self.calendar.now - timedelta(days=31)
        moments = sorted(start + timedelta(minutes=self.rng.randint(0, 31 * 24 * 60 - 120)) for _visit in range(VISITS))
        choice = [one for one in self.campaigns.values() if one.obtain in ("taken", "earned") and one.area == "public"]
        for number, moment in enumerate(moments):
            with clock.at(moment):
                self._visit(number, self.rng.choice(choice))

    def _keep(self):
        """Coupons that Anna finds in her list."""
        anna = self.citizens["anna.bianchi"].partner_id
        for name in ("5 euro ovunque dalla libreria", "3 euro sulla spesa", "25% sui libri: extra sconto"):
            self.campaigns[name]._take(anna)

    def _visit(self, number, campaign):
        """Somebody takes a coupon; most of them spend it; every twentieth is reversed."""
        if campaign.obtain == "earned":
            agreement = self.rng.choice(campaign.distributor_ids)
            coupon = campaign._hand_out(agreement, agreement.merchant_id.place_ids[:1])
        else:
            coupon = campaign._take(self.others[number % len(self.others)]) if self._left(number, campaign) else None
        if not coupon or self.rng.random() < 0.3:
            return
        shop = self.rng.choice(campaign._acceptors())
        amount = Decimal(self.rng.randint(int(campaign.min_purchase) * 100 + 500, 9000)) / 100
        line = Line(amount, campaign.goods_ids[:1].id or None)
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"coupon {number}"))
        till = self.env["circuit.till"].sudo()  # sudo: as the till's controller does after it checked the terminal
        terminal = Terminal(shop.id, self.company.id, "web", "demo", "", shop.place_ids[:1].id or None)
        reply = till._authorize(
            terminal,
            {
                "key": key,
                "identifier": coupon._code(),
                "secret": "",
                "lines": [{"amount": f"{amount:.2f}", "activity_id": line.activity_id}],
                "requested": None,
                "order_ref": key,
            },
        )
        if reply["status"] != "authorized":
            return
        transactions = till.env["circuit.transaction"]
        transactions._capture(terminal, key, key, Decimal(reply["amount"]), [line])
        if number % 20 == 19:
            back = str(uuid.uuid5(uuid.NAMESPACE_OID, f"coupon back {number}"))
            answer = till._refund(
                terminal,
                {"key": back, "origin_key": key, "amount": reply["amount"], "order_ref": key, "reason": "Reso"},
            )
            if answer["status"] == "authorized":
                transactions._capture(terminal, back, key, Decimal(answer["amount"]))

    def invoice(self):
        """The issuers' invoices of every month that is over."""
        days = self.env["ecoupon.redemption"].search([("circuit_id", "=", self.circuit.id)]).mapped("day")
        runs = self.env["ecoupon.invoice.run"].with_user(self.staff)
        for month in sorted({day.replace(day=1) for day in days}):
            if month == self.calendar.now.date().replace(day=1):
                continue
            run = runs.create({"circuit_id": self.circuit.id, "month": month})
            run.action_start()
            if run.state != "done":
                raise ValueError(run.problems)

    def _left(self, number, campaign):
        holder = self.others[number % len(self.others)]
        taken = self.env["ecoupon.coupon"].search_count(
            [("campaign_id", "=", campaign.id), ("holder_id", "=", holder.id)]
        )
        return not campaign.per_person or taken < campaign.per_person
