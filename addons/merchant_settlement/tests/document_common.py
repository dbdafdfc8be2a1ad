import io
from datetime import datetime, timedelta

from openpyxl import load_workbook
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTTextContainer

from odoo.tests import TransactionCase, new_test_user


class DocumentCase(TransactionCase):
    """A merchant of a programme, and statements made by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        cls.circuit = env["circuit.circuit"].create({"name": "Test circuit"})
        cls.funder = env["circuit.funder"].create({"name": "Corleto Family Card 2024", "circuit_id": cls.circuit.id})
        cls.terms = env["settlement.terms"].create(
            {
                "funder_id": cls.funder.id,
                "valid_from": "2020-01-01",
                "department": "Settore Welfare",
                "stamp_borne_by": "body",
            }
        )
        cls.merchant = env["res.partner"].create(
            {
                "name": "Alimentari Rossi snc",
                "shop_name": "Da Rossi",
                "is_merchant": True,
                "email": "rossi@example.com",
                "vat": "IT00743110157",
            }
        )
        cls.category = env.ref("merchant_circuit.category_commercio")
        cls.clerk = new_test_user(env, "doc_clerk", groups="merchant_settlement.group_clerk")
        cls.officer = new_test_user(env, "doc_officer", groups="merchant_circuit.group_officer")

    @classmethod
    def statement(cls, *amounts, lines=(), **vals):
        """A draft of April 2024 whose payments have these amounts."""
        number = cls.env["merchant.statement"].search_count([]) + 1
        rows = [
            {"kind": "payment", "amount": amount, "reference": f"{index:06d}"}
            for index, amount in enumerate(amounts, 1)
        ] + list(lines)
        total = round(sum(row["amount"] for row in rows), 2)
        return cls.env["merchant.statement"].create(
            {
                "name": f"EC/2024/04/{number:04d}",
                "merchant_id": cls.merchant.id,
                "funder_id": cls.funder.id,
                "terms_id": cls.terms.id,
                "month": f"{2000 + number}-04-01",
                "transaction_count": len(rows),
                "charged": round(sum(row["amount"] for row in rows if row["kind"] == "payment"), 2),
                "corrected": round(sum(row["amount"] for row in rows if row["kind"] == "correction"), 2),
                "total": total,
                "payable": total,
                "digest": "d" * 64,
                "due_on": "2024-05-05",
                "pay_from": "2024-05-01",
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "sequence": index,
                            "company_id": cls.env.company.id,
                            "captured_at": datetime(2024, 4, 1, 22, 30) + timedelta(minutes=index),
                            "holder_mask": "RSS***80A",
                            "category_id": cls.category.id,
                            "hash": "h" * 64,
                            **row,
                        },
                    )
                    for index, row in enumerate(rows, 1)
                ],
                **vals,
            }
        )

    def printed(self, statement):
        """PDF, made as a server makes it."""
        return statement.with_context(force_report_rendering=True)._pdf()

    def pages(self, content):
        """Text of each page."""
        return [
            " ".join(" ".join(box.get_text() for box in page if isinstance(box, LTTextContainer)).split())
            for page in extract_pages(io.BytesIO(content))
        ]

    def sheet(self, statement):
        """Cells of the workbook, row by row."""
        return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(statement._xlsx())).active.iter_rows()]

    def mails(self, statement):
        """Mails about a statement."""
        return self.env["mail.mail"].search(
            [("model", "=", "merchant.statement"), ("res_id", "=", statement.id), ("email_to", "!=", False)]
        )
