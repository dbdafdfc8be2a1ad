from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import PromotionCase


@tagged("post_install", "-at_install")
class TestNewsletter(PromotionCase):
    def test_goes_to_who_agreed_and_nobody_else(self):
        """R-000-34: Anna agreed, Bruno did not."""
        mails = self.deliver()

        self.assertEqual([mail["email_to"] for mail in mails], [['"Anna" <anna@example.org>']])
        self.assertEqual(self.newsletter.state, "sent")

    def test_mail_links_to_campaigns_and_to_the_stop(self):
        """R-000-34: tracked links, and one that withdraws in the text and in the header of the mail."""
        [mail] = self.deliver()

        self.assertIn("Five off books", mail["body"])
        self.assertIn("/r/", mail["body"])
        self.assertIn(self.consent._stop_url(), mail["body"])
        self.assertEqual(mail["headers"]["List-Unsubscribe"], f"<{self.consent._stop_url()}>")

    def test_who_withdrew_meanwhile_gets_nothing(self):
        """R-000-34: looked at when the mailing is sent, also by somebody who changes its filter."""
        self.newsletter.action_send()
        mailing = self.newsletter.sudo().mailing_id
        self.consent._withdraw("link")
        mailing.mailing_domain = "[]"

        self.assertEqual(mailing._get_recipients(), [])

    def test_other_mailings_to_the_consents_reach_nobody(self):
        """R-000-34: a mailing that is no newsletter of a circuit has no recipients among who agreed to newsletters."""
        mailing = self.env["mailing.mailing"].create(
            {
                "subject": "Something else",
                "mailing_model_id": self.env["ir.model"]._get_id("ecoupon.consent"),
                "mailing_domain": "[]",
                "body_html": "<p>Buy!</p>",
            }
        )

        self.assertEqual(mailing._get_recipients(), [])

    def test_reserved_campaigns_are_not_mailed(self):
        """R-000-12, R-000-34: invisible without entitlement, also in a mail."""
        policy = self.env["ecoupon.policy"].create({"name": "Income", "code": "INC"})
        for values in ({"area": "reserved"}, {"policy_ids": policy.ids}):
            reserved = self.campaign(name="For the entitled", **values)
            with self.subTest(values), self.assertRaisesRegex(ValidationError, "reserved"):
                self.newsletter.campaign_ids = reserved

    def test_what_is_not_in_force_is_not_mailed(self):
        """R-000-34: stopped, or over."""
        for changes in ({"state": "stopped"}, {"valid_to": fields.Datetime.now() - timedelta(days=1)}):
            campaign = self.campaign(**changes)
            self.newsletter.campaign_ids = campaign
            with self.subTest(changes), self.assertRaisesRegex(UserError, "not in force"):
                self.newsletter.action_send()

    def test_nobody_to_write_to(self):
        """R-000-34: a clear sentence."""
        self.consent._withdraw("office")

        with self.assertRaisesRegex(UserError, "No citizen"):
            self.newsletter.action_send()

    def test_sent_once(self):
        """R-000-34: and kept as it was sent."""
        self.newsletter.action_send()

        with self.assertRaisesRegex(UserError, "already"):
            self.newsletter.action_send()
        with self.assertRaisesRegex(UserError, "already"):
            self.newsletter.name = "Other"

    def test_taken_back(self):
        """R-000-34: by the Region, while no mail has left; then it is written and sent again."""
        region = new_test_user(self.env, "hesitating-region", groups="ecoupon.group_region", email="r@example.org")
        newsletter = self.newsletter.with_user(region)
        newsletter.action_send()
        mailing = self.newsletter.sudo().mailing_id

        newsletter.action_cancel()

        self.assertFalse(mailing.exists())
        self.assertEqual(newsletter.state, "draft")
        newsletter.name = "Other words"
        newsletter.action_send()
        self.assertEqual(newsletter.state, "queue")

    def test_what_left_is_not_taken_back(self):
        """R-000-34: nor what is leaving, nor what was never sent."""
        with self.assertRaisesRegex(UserError, "not being sent"):
            self.newsletter.action_cancel()
        self.newsletter.action_send()
        self.newsletter.sudo().mailing_id.state = "sending"

        with self.assertRaisesRegex(UserError, "have left"):
            self.newsletter.action_cancel()

        self.assertTrue(self.newsletter.sudo().mailing_id)

    def test_region_sends(self):
        """R-000-34: the Region promotes without any right on mailings."""
        region = new_test_user(self.env, "promoting-region", groups="ecoupon.group_region", email="r@example.org")

        self.newsletter.with_user(region).action_send()

        self.assertEqual(self.newsletter.with_user(region).state, "queue")
        with self.assertRaises(AccessError):
            self.env["mailing.mailing"].with_user(region).search([])

    def test_region_shows_campaigns_first(self):
        """R-000-34: published public ones, and nothing else of them is the Region's to write."""
        region = new_test_user(self.env, "featuring-region", groups="ecoupon.group_region")
        campaign = self.five.with_user(region)

        campaign.action_feature()

        self.assertTrue(self.five.featured)
        with self.assertRaises(AccessError):
            campaign.name = "Another name"
        with self.assertRaisesRegex(UserError, "published public"):
            self.campaign(name="Reserved", area="reserved").with_user(region).action_feature()

    def test_members_do_not_promote(self):
        """R-000-34: an employee without a role shows nothing first."""
        somebody = new_test_user(self.env, "somebody", groups="base.group_user")

        with self.assertRaises(AccessError):
            self.five.with_user(somebody).action_feature()
