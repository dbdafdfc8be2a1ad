from odoo import api, models
from odoo.tools import email_normalize


class CircuitComplaint(models.Model):
    """Who is told that a report was filed (R-004-93)."""

    _inherit = "circuit.complaint"

    @api.model
    def _file(self, circuit, vals, user=None, address=None):
        """File a report from the public form and tell those it is addressed to."""
        complaint = super()._file(circuit, vals, user, address)
        complaint._tell_addressees()
        return complaint

    def _tell_addressees(self):
        """Write to the Information Point, to the operator or to both, and to the followers of the circuit on their
        side. The mail names number and shop; the report itself is read after the login.

        :return: mail.mail
        """
        self.ensure_one()
        template = self.env.ref("merchant_circuit.mail_template_complaint")
        mails = self.env["mail.mail"]
        # sudo: the visitor reads neither circuit nor followers; nothing of them is shown
        for address in self.sudo()._addresses():
            mails |= mails.browse(template.sudo().send_mail(self.id, email_values={"email_to": address}))
        return mails

    def _addresses(self):
        """Mail addresses to write to, each once.

        :return: list of str
        """
        circuit = self.circuit_id
        operator = circuit.operator_id.commercial_partner_id
        point, gestore = (self.addressed_to in (side, "both") for side in ("information_point", "operator"))
        found = [circuit.information_email if point else None, circuit.operator_id.email if gestore else None]
        for follower in circuit.message_partner_ids:
            theirs = operator and follower.commercial_partner_id == operator
            if gestore if theirs else point:
                found.append(follower.email)
        return list(dict.fromkeys(filter(None, map(email_normalize, filter(None, found)))))
