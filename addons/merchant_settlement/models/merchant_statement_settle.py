from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from odoo.addons.stored_value.tools import to_decimal

from ..rules import chain
from ..rules.shares import apportion
from ..rules.statement import settle


class MerchantStatement(models.Model):
    """Figures, sources and digest of statements whose lines were just written, set by set (R-004-96, R-001-05)."""

    _inherit = "merchant.statement"

    def _settle(self, terms, law):
        """Write what follows from the lines.

        :param terms: settlement.terms of all these statements
        :param law: rules.statement.Law
        """
        funds = self._funds()
        figures, sources = [], []
        for row in self.env.execute_query_dict(
            SQL(
                """SELECT statement_id, name, merchant_id, funder_id, month, count, charged::text, corrected::text,
                          carried::text, lines_digest, previous
                     FROM merchant_statement_figures(%s)""",
                self.ids,
            )
        ):
            charged, corrected, carried = (Decimal(row[name]) for name in ("charged", "corrected", "carried"))
            settled = settle(charged, corrected, carried, law)
            split = self._split(settled.total, terms) if terms.share_ids else funds.get(row["statement_id"], [])
            sources += [(row["statement_id"], fund or None, amount) for fund, amount in split]
            digest = chain.statement_digest(
                chain.Statement(
                    previous=row["previous"],
                    name=row["name"],
                    merchant_id=row["merchant_id"],
                    funder_id=row["funder_id"],
                    month=row["month"],
                    charged=charged,
                    corrected=corrected,
                    carried=carried,
                    total=settled.total,
                    stamp=settled.stamp,
                    stamp_borne_by=law.borne_by,
                    payable=settled.payable,
                    sources=tuple(split),
                ),
                row["lines_digest"],
            )
            figures.append(
                (
                    row["statement_id"],
                    row["count"],
                    charged,
                    corrected,
                    carried,
                    settled.total,
                    settled.stamp,
                    settled.payable,
                    settled.state,
                    digest,
                )
            )
        self._write_figures(figures, terms, law)
        self._write_sources(sources)
        self.invalidate_recordset()
        self._made()

    def _made(self):
        """These statements were made, or made again with what was missing: let others act on them."""

    def _source_key(self):
        """How a source of a statement is named in its digest: the fund, 0 where there is none.

        :return: SQL of an integer, on merchant_statement_source
        """
        return SQL("coalesce(fund_id, 0)")

    def _funds(self):
        """Sources of these statements by the lots of the ledger.

        :return: dict of statement id to list of (fund id, 0: none; Decimal EUR), by fund
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT statement_id, coalesce(fund_id, 0), amount::text FROM merchant_statement_funds(%s) ORDER BY 1, 2",
                self.ids,
            )
        )
        funds = {}
        for statement, fund, amount in rows:
            funds.setdefault(statement, []).append((fund, Decimal(amount)))
        return funds

    def _split(self, total, terms):
        """Sources of a statement by fixed shares.

        :param Decimal total: EUR
        :return: list of (fund id, Decimal EUR), without those that get nothing
        """
        shares = terms.share_ids.sorted(lambda share: (share.sequence, share.id))
        parts = apportion(total, [to_decimal(share.percent) for share in shares])
        return [(share.fund_id.id, part) for share, part in zip(shares, parts, strict=True) if part]

    def _write_figures(self, figures, terms, law):
        """Write the figures of many statements at once.

        :param list figures: tuples as the query names them
        """
        columns = [list(column) for column in zip(*figures, strict=True)] or [[] for _name in range(10)]
        self.env.cr.execute(
            SQL(
                """
                UPDATE merchant_statement s
                   SET transaction_count = v.count, charged = v.charged, corrected = v.corrected, carried = v.carried,
                       total = v.total, stamp = v.stamp, payable = v.payable, state = v.state, digest = v.digest,
                       terms_id = %s, stamp_borne_by = %s, write_date = now() AT TIME ZONE 'UTC'
                  FROM unnest(%s::int[], %s::int[], %s::numeric[], %s::numeric[], %s::numeric[], %s::numeric[],
                              %s::numeric[], %s::numeric[], %s::text[], %s::text[])
                       AS v(id, count, charged, corrected, carried, total, stamp, payable, state, digest)
                 WHERE s.id = v.id
                """,
                terms.id,
                law.borne_by,
                *columns,
            )
        )

    def _write_sources(self, sources):
        """Write the sources of many statements at once.

        :param list sources: (statement id, fund id or None, Decimal EUR)
        """
        columns = [list(column) for column in zip(*sources, strict=True)] or [[], [], []]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO merchant_statement_source (statement_id, company_id, fund_id, amount,
                                                       create_uid, create_date, write_uid, write_date)
                SELECT s.id, s.company_id, v.fund, v.amount, %s, now() AT TIME ZONE 'UTC', %s, now() AT TIME ZONE 'UTC'
                  FROM unnest(%s::int[], %s::int[], %s::numeric[]) WITH ORDINALITY AS v(statement, fund, amount, n)
                  JOIN merchant_statement s ON s.id = v.statement
                 ORDER BY v.n
                """,
                self.env.uid,
                self.env.uid,
                *columns,
            )
        )
