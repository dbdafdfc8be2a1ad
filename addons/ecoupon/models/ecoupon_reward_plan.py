from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.stored_value.tools import query_about_a_person, to_decimal

from ..rules import wallet


class EcouponReward(models.Model):
    """Which occurrences are rewarded: asked under the locks of their behaviours, so that neither the limit of a citizen
    nor a budget is ever exceeded (R-000-17, B05)."""

    _inherit = "ecoupon.reward"

    @api.model
    def _plan(self, occurrences, but=()):
        """Why each of these occurrences is not rewarded, in their order, each counting for those after it. The caller
        holds the locks of the behaviours.

        :param list occurrences: Occurrence
        :param but: rewards that were just written for them and do not count
        :return: list of str or None, one an occurrence
        """
        behaviours = self.env["ecoupon.behaviour"].browse({one.behaviour.id for one in occurrences})
        known, done, granted = self._before(
            behaviours,
            [one.partner.id for one in occurrences if one.partner],
            [one.reference for one in occurrences],
            list(but and but.ids),
        )
        today = {circuit: circuit._local_day(fields.Datetime.now()) for circuit in behaviours.circuit_id}
        entitled = {}
        problems = []
        for one in occurrences:
            behaviour, circuit = one.behaviour, one.behaviour.circuit_id
            person = one.partner, circuit
            if person not in entitled:
                holds = self.env["ecoupon.entitlement"]._holds
                entitled[person] = bool(one.partner) and holds(one.partner, circuit, today[circuit])
            code = circuit.id, behaviour.code
            year = *code, one.partner.id, one.day.year
            problem = self._obstacle(one, today[circuit], (*code, one.reference) in known)
            if not problem:
                amount = to_decimal(behaviour.amount)
                before = wallet.Done(done.get(year, 0), granted.get(behaviour.id, Decimal(0)))
                why = wallet.obstacle(amount, behaviour.most_times, to_decimal(behaviour.budget), before)
                # an empty budget comes first: then nobody learns who is entitled by asking
                if why == "budget" or (why and entitled[person]):
                    problem = self._limit_sentence(why, behaviour, one.day.year, before)
                elif not entitled[person]:
                    problem = self.env._(
                        "Nobody with a wallet is known by this fiscal code or contact: only who is entitled is rewarded."
                    )
            if not problem:
                known.add((*code, one.reference))
                done[year] = before.times + 1
                granted[behaviour.id] = before.granted + amount
            problems.append(problem)
        return problems

    @api.model
    def _citizens(self, codes):
        """Who is known by these fiscal codes, of those whose identity was proven.

        :param codes: normalised fiscal codes
        :return: dict of code to res.partner
        """
        self.env["res.partner"].flush_model(["l10n_it_codice_fiscale", "identity_proof"])
        rows = query_about_a_person(
            self.env,
            SQL(
                "SELECT upper(regexp_replace(l10n_it_codice_fiscale, '[[:space:]*.:-]', '', 'g')), id FROM res_partner"
                " WHERE identity_proof IS NOT NULL"
                " AND upper(regexp_replace(l10n_it_codice_fiscale, '[[:space:]*.:-]', '', 'g')) = ANY(%s)",
                list(codes),
            ),
        )
        return {code: self.env["res.partner"].browse(partner) for code, partner in rows}

    @api.model
    def _before(self, behaviours, partner_ids, references, but):
        """What was rewarded before: which of these references of each code, times of each citizen, code and year, and the sum of each
        behaviour."""
        self.env.flush_all()
        codes = SQL(
            "ecoupon_reward r JOIN ecoupon_behaviour b ON b.id = r.behaviour_id JOIN ecoupon_behaviour same"
            " ON same.circuit_id = b.circuit_id AND same.code = b.code WHERE same.id = ANY(%s) AND r.id <> ALL(%s)",
            behaviours.ids,
            but,
        )
        known = self.env.execute_query(
            SQL(
                "SELECT DISTINCT b.circuit_id, b.code, r.reference FROM %s AND r.reference = ANY(%s)", codes, references
            )
        )
        times = self.env.execute_query(
            SQL(
                "SELECT b.circuit_id, b.code, r.partner_id, extract(year FROM r.day)::integer, count(DISTINCT r.id)"
                " FROM %s AND r.state = 'credited' AND r.partner_id = ANY(%s) GROUP BY 1, 2, 3, 4",
                codes,
                partner_ids,
            )
        )
        sums = self.env.execute_query(
            SQL(
                "SELECT behaviour_id, sum(amount)::text FROM ecoupon_reward WHERE behaviour_id = ANY(%s)"
                " AND state = 'credited' AND id <> ALL(%s) GROUP BY 1",
                behaviours.ids,
                but,
            )
        )
        return (
            set(known),
            {(circuit, code, partner, year): count for circuit, code, partner, year, count in times},
            {behaviour: Decimal(amount or 0) for behaviour, amount in sums},
        )

    @api.model
    def _obstacle(self, one, today, known):
        """Why an occurrence is not rewarded, whoever is meant: limits and entitlement apart.

        :param Occurrence one: what is reported
        :param date today: local day
        :param bool known: whether its reference was rewarded before
        :return: str or None
        """
        _ = self.env._
        behaviour, circuit = one.behaviour, one.behaviour.circuit_id
        name = behaviour.name
        if circuit.state != "running":
            return _("The circuit is stopped: nothing is rewarded until it runs again.")
        if not one.reference:
            return _("Write the number under which this occurrence is known: it is rewarded once.")
        if one.channel != behaviour.evidence:
            return {
                "manual": _("“%s” is recorded by the office.", name),
                "file": _("“%s” is recorded by the file of a partner.", name),
                "api": _("“%s” is recorded by the program of a partner.", name),
            }[behaviour.evidence]
        if known:
            return _(
                "“%(name)s”: the occurrence %(reference)s was rewarded already.", name=name, reference=one.reference
            )
        if not behaviour.active or one.day < behaviour.date_from or (behaviour.date_to and one.day > behaviour.date_to):
            return _("“%(name)s” is not rewarded on %(day)s.", name=name, day=self._shown(one.day))
        if one.day > today:
            return _("%s has not come yet.", self._shown(one.day))
        if circuit.wallet_unit == "eur" and not behaviour.funder_id:
            return _("Nobody funds the rewards for “%s”.", name)
        return None

    @api.model
    def _limit_sentence(self, why, behaviour, year, before):
        if why == "times":
            return self.env._(
                "“%(name)s” is rewarded at most %(most)s times a year, and so it was in %(year)s.",
                name=behaviour.name,
                most=behaviour.most_times,
                year=str(year),
            )
        left = to_decimal(behaviour.budget) - before.granted
        return self.env._(
            "The budget of “%(name)s” is used up: %(left)s are left.",
            name=behaviour.name,
            left=behaviour.currency_id.format(float(left)),
        )

    @api.model
    def _shown(self, day):
        lang = self.env["res.lang"]._lang_get(self.env.lang or "en_US")
        return day.strftime(lang.date_format)
