from contextlib import contextmanager

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .ecoupon_entitlement_list import DIRECT_ROWS

#: What the states of the queue mean to somebody who waits.
WAITING = ("wait_dependencies", "pending", "enqueued", "started")


class EcouponEntitlementList(models.Model):
    """Applies a list: a few statements over all its rows, as a whole or not at all (R-000-31)."""

    _inherit = "ecoupon.entitlement.list"

    job_uuid = fields.Char(readonly=True, copy=False)
    job_percent = fields.Integer("Progress", compute="_compute_job")
    job_stopped = fields.Boolean(compute="_compute_job", help="The work in the background has stopped.")

    def _compute_job(self):
        """How far the background is; the row of the list itself is what the job is changing."""
        self.env["queue.job"].flush_model(["uuid", "state"])
        rows = self.env.execute_query(
            # Users see how far their own list is, not the queue.
            SQL(
                """SELECT j.uuid, j.state, p.percent FROM queue_job j
                     LEFT JOIN ecoupon_entitlement_progress p ON p.job_uuid = j.uuid WHERE j.uuid = ANY(%s)""",
                [record.job_uuid for record in self if record.job_uuid],
            )
        )
        jobs = {uuid: (state, percent) for uuid, state, percent in rows}
        for record in self:
            state, percent = jobs.get(record.job_uuid, ("cancelled", 0))
            record.job_percent = 100 if record.state == "applied" else percent or 0
            record.job_stopped = record.state == "queued" and state not in WAITING

    def action_apply(self):
        """Button: carry out what was checked; a long list is left to the background.

        :raises UserError: it is not checked
        """
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("checked", "queued") or (self.state == "queued" and not self.job_stopped):
            raise UserError(self.env._("Only a checked list can be applied."))
        record = self.sudo()  # sudo: written by the list's own actions only; the user's right was checked
        record.applied_by_id = self.env.user
        if self.row_count <= DIRECT_ROWS:
            record._apply()
            return
        record.state = "queued"
        delayed = record.with_delay(
            description=self.env._("List of entitled people %s", self.name),
            identity_key=f"{self._name},{self.id},apply",
        )
        record.job_uuid = delayed._job_apply().uuid

    def _job_apply(self):
        """Job: carry out a long list, as a whole or not at all."""
        self.ensure_one()
        if self.state == "queued":
            self._apply()

    # ------------------------------------------------------------------ statements

    def _foresee(self):
        """Count what the list would change today."""
        with self._whole_tables():
            count = {
                name: self.env.execute_query(SQL("SELECT count(*) FROM (%s) AS found", query))[0][0]
                for name, query in self._effects().items()
            }
        self.write({f"{name}_count": count[name] for name in ("added", "changed", "removed")})

    def _apply(self):
        """Write entitlements and their events."""
        self.env.flush_all()
        # Two lists of one circuit: the second one waits here, and begins again with what the first one has left.
        self.env.cr.execute(
            SQL(
                "UPDATE ecoupon_entitlement_key SET write_date = now() AT TIME ZONE 'UTC'"
                " WHERE circuit_id = %s AND own",
                self.circuit_id.id,
            ),
            log_exceptions=False,
        )
        effects, now, counts = self._effects(), fields.Datetime.now(), {}
        statements = {
            "removed": SQL(
                "UPDATE ecoupon_entitlement e SET removed_at = %s FROM (%s) AS f WHERE e.id = f.id",
                now,
                effects["removed"],
            ),
            "changed": SQL(
                "UPDATE ecoupon_entitlement e SET date_to = f.date_to FROM (%s) AS f WHERE e.id = f.id",
                effects["changed"],
            ),
            "added": SQL(
                """INSERT INTO ecoupon_entitlement AS e (circuit_id, company_id, list_id, key_id, person_hash, policy_id,
                          date_from, date_to, create_uid, create_date, write_uid, write_date)
                   SELECT %s, %s, %s, f.key_id, f.person_hash, f.policy_id, f.date_from, f.date_to, %s::int, %s, %s::int, %s
                     FROM (%s) AS f""",
                self.circuit_id.id,
                self.company_id.id,
                self.id,
                *(self.applied_by_id.id or None, now) * 2,
                effects["added"],
            ),
        }
        with self._whole_tables():
            for done, (kind, statement) in enumerate(statements.items(), start=1):
                counts[f"{kind}_count"] = self._carry_out(kind, statement, now)
                self._progress(25 * done)
        self._forget_rows()
        self.env["ecoupon.entitlement"].invalidate_model()
        self.env["ecoupon.entitlement.event"].invalidate_model()
        self.write({**counts, "state": "applied", "applied_at": now})

    @contextmanager
    def _whole_tables(self):
        """Join whole tables. Of a table that is still small, or was just filled, PostgreSQL would expect a row or two
        and look through it once for each row of the list: minutes instead of seconds."""
        self.env.cr.execute("SET LOCAL enable_nestloop = off")
        yield
        self.env.cr.execute("SET LOCAL enable_nestloop = on")

    def _carry_out(self, kind, statement, now):
        """Run a statement over entitlements and log each of them.

        :param str kind: of the events
        :param SQL statement: without its RETURNING
        :return: how many
        """
        [(count,)] = self.env.execute_query(
            SQL(
                """WITH done AS (%s RETURNING e.id, e.company_id, e.date_from, e.date_to),
                        logged AS (INSERT INTO ecoupon_entitlement_event
                            (entitlement_id, company_id, at, kind, date_from, date_to, list_id, user_id)
                            SELECT id, company_id, %s, %s, date_from, date_to, %s, %s::int FROM done RETURNING 1)
                   SELECT count(*) FROM logged""",
                statement,
                now,
                kind,
                self.id,
                self.applied_by_id.id or None,
            )
        )
        return count

    def _effects(self):
        """What the list changes, as queries: entitlements it takes off (id), changes (id, date_to) and adds (rows).

        In force or to come are those that did not end before today; what has ended stays as it is. A row with another
        first day than a running entitlement of the same person and policy takes its place.
        """
        today = self.circuit_id._local_day()
        live = SQL(
            "e.circuit_id = %s AND e.removed_at IS NULL AND (e.date_to IS NULL OR e.date_to >= %s)",
            self.circuit_id.id,
            today,
        )
        same = SQL("r.key_id = e.key_id AND r.person_hash = e.person_hash AND r.policy_id = e.policy_id")
        joined = SQL(
            "ecoupon_entitlement e JOIN ecoupon_entitlement_row r ON %s AND r.list_id = %s AND e.circuit_id = %s",
            same,
            self.id,
            self.circuit_id.id,
        )
        if self.mode == "full":
            removed = SQL(
                """SELECT e.id FROM ecoupon_entitlement e WHERE %s %s AND NOT EXISTS (
                       SELECT 1 FROM ecoupon_entitlement_row r
                        WHERE %s AND r.list_id = %s AND r.date_from = e.date_from)""",
                live,
                SQL("AND e.policy_id = %s", self.policy_id.id) if self.policy_id else SQL(),
                same,
                self.id,
            )
        else:
            removed = SQL(
                """SELECT e.id FROM %s WHERE %s AND (
                       r.action = 'remove' AND (r.date_from IS NULL OR r.date_from = e.date_from)
                       AND (r.date_to IS NULL OR r.date_to < e.date_from)
                    OR r.action = 'add' AND r.date_from <> e.date_from
                       AND r.date_from <= coalesce(e.date_to, 'infinity')
                       AND e.date_from <= coalesce(r.date_to, 'infinity')
                       AND NOT EXISTS (SELECT 1 FROM ecoupon_entitlement_row s
                                        WHERE s.list_id = r.list_id AND s.key_id = e.key_id AND s.action = 'add'
                                          AND s.person_hash = e.person_hash AND s.policy_id = e.policy_id
                                          AND s.date_from = e.date_from))""",
                joined,
                live,
            )
        return {
            "removed": SQL("%s GROUP BY e.id", removed),
            "changed": SQL(
                """SELECT e.id, min(r.date_to) AS date_to FROM %s WHERE e.removed_at IS NULL AND (
                       r.action = 'add' AND r.date_from = e.date_from AND r.date_to IS DISTINCT FROM e.date_to
                    OR r.action = 'remove' AND (r.date_from IS NULL OR r.date_from = e.date_from)
                       AND e.date_from <= r.date_to AND coalesce(e.date_to, 'infinity') > r.date_to)
                   GROUP BY e.id""",
                joined,
            ),
            "added": SQL(
                """SELECT r.key_id, r.person_hash, r.policy_id, r.date_from, r.date_to FROM ecoupon_entitlement_row r
                    WHERE r.list_id = %s AND r.action = 'add' AND NOT EXISTS (
                       SELECT 1 FROM ecoupon_entitlement e WHERE %s AND e.circuit_id = %s
                          AND e.removed_at IS NULL AND e.date_from = r.date_from)""",
                self.id,
                same,
                self.circuit_id.id,
            ),
        }

    def _progress(self, percent):
        """Tell how far the running job is; others see it at once, though the job's own changes are not saved yet.

        :param int percent: done
        """
        uuid = self.env.context.get("job_uuid")
        if not uuid:
            return
        with self.env.registry.cursor() as cr:
            cr.execute(
                SQL(
                    "INSERT INTO ecoupon_entitlement_progress (job_uuid, percent) VALUES (%s, %s)"
                    " ON CONFLICT (job_uuid) DO UPDATE SET percent = excluded.percent",
                    uuid,
                    percent,
                )
            )
