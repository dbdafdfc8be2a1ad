import re
from datetime import datetime
from decimal import Decimal

from odoo.tests import TransactionCase, tagged

from ..rules.refusals import Code, Refusal

# words of programmers, in both languages
JARGON = re.compile(
    r"_|\b(API|token|null|none|error|errore|exception|timeout|idempot\w*|fingerprint|impronta|endpoint|JSON|HTTP"
    r"|hold|capture|authori[sz]\w*|throttl\w*|server|parametr\w*|parameter\w*)\b",
    re.IGNORECASE,
)


@tagged("post_install", "-at_install")
class TestRefusalWords(TransactionCase):
    """What a shopkeeper reads when the till says no."""

    def words(self, lang):
        """Sentence of every code in a language, with and without amounts."""
        self.env["res.lang"]._activate_lang(lang)
        till = self.env["circuit.till"].with_context(lang=lang)
        full = {"limit": Decimal("10.00"), "then": Decimal("5.00"), "until": datetime(2024, 4, 1)}
        return {(code, bool(known)): till._sentence(Refusal(code, **known)) for code in Code for known in ({}, full)}

    def test_every_refusal_is_said_in_italian(self):
        """R-004-76: each code has a sentence of its own in Italian, other than the English one."""
        english, italian = self.words("en_US"), self.words("it_IT")

        for key, sentence in italian.items():
            with self.subTest(key):
                # amounts and dates look different in Italy: only the words count
                self.assertNotEqual(re.sub(r"[^a-zà-ù]+", " ", sentence), re.sub(r"[^a-zà-ù]+", " ", english[key]))

    def test_no_refusal_needs_a_programmer(self):
        """R-004-76: sentences, no codes, no jargon, short enough for a telephone."""
        for lang in ("en_US", "it_IT"):
            for (code, _known), sentence in self.words(lang).items():
                with self.subTest(code=code, lang=lang):
                    self.assertRegex(sentence, r"^[A-ZÈ].*\.$")
                    self.assertLess(len(sentence), 170)
                    self.assertIsNone(JARGON.search(sentence), sentence)
                    self.assertNotIn(code.value, sentence)

    def test_no_two_refusals_sound_alike(self):
        """R-004-76: whoever hears the sentence knows which rule it was."""
        sentences = [text for (_code, known), text in self.words("it_IT").items() if known]

        self.assertEqual(len(sentences), len(set(sentences)))
