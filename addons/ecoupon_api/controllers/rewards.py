"""Behaviours that partners report, one a request (R-000-17)."""

from datetime import date

from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from odoo.addons.circuit_api.controllers.problem import ProblemError, answer
from odoo.addons.ecoupon.rules import person

#: Of the API keys of the partners' users.
REWARD_SCOPE = "ecoupon.rewards"


class RewardCalls:
    """The calls of partners."""

    @staticmethod
    def _reward(caller, body):
        env = caller.env
        # sudo: a partner's user has no rights here; behaviours are found by who may report them
        terms = (
            env["ecoupon.behaviour"]
            .sudo()
            .search(
                [
                    ("circuit_id", "=", int(body["circuit"])),
                    ("code", "=", body["behaviour"]),
                    ("reporter_ids", "in", caller.partner.ids),
                    ("evidence", "=", "api"),
                ]
            )
        )
        if not terms:
            message = env._("You report no such behaviour in this circuit.")
            raise ProblemError("INVALID", errors=[("behaviour", message)])
        try:
            day = date.fromisoformat(body["day"])
        except ValueError:
            raise ProblemError("INVALID", errors=[("day", env._("There is no such day."))]) from None
        if not person.is_valid(body["fiscal_code"]):
            message = env._("The fiscal code is not valid.")
            raise ProblemError("INVALID", errors=[("fiscal_code", message)])
        code = person.validate(body["fiscal_code"])
        try:
            with mute_logger("odoo.sql_db"), env.cr.savepoint():
                reward, fresh = terms._report(code, day, body["reference"], body.get("evidence") or "", caller.partner)
        except UniqueViolation:
            # the same reference at the same instant: the other one wins, and answers the repetition
            raise ProblemError("BUSY", headers={"Retry-After": "1"}) from None
        except UserError as error:
            raise ProblemError("INVALID", errors=[("reference", str(error))]) from None
        if reward is None:
            raise ProblemError("KEY_CONFLICT")
        told = {
            "behaviour": reward.behaviour_id.code,
            "reference": reward.reference,
            "status": reward.state,
            "day": reward.day.isoformat(),
            "amount": f"{reward.amount:.2f}",
            "spend_before": f"{reward.expires_at:%Y-%m-%dT%H:%M:%SZ}",
        }
        return answer(told, 201 if fresh else 200)
