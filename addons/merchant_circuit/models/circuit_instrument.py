from odoo import api, models

from odoo.addons.stored_value.tools import to_decimal


class CircuitInstrument(models.AbstractModel):
    """What a citizen shows at the till. A model that can pay inherits this and is named by
    ``circuit.till._instruments``; tills, settlement and API never ask which one it is.
    """

    _name = "circuit.instrument"
    _description = "Instrument of a circuit"

    def _circuit_label(self):
        """Name of the instrument on screens and receipts: of this one, or of all when ``self`` is empty.

        :return: str, e.g. "Family Card"
        """
        raise NotImplementedError

    def _circuit_checks(self, circuits, at):
        """How the holders of this instrument are identified at the tills of some circuits (B09).

        :param circuits: ids of circuits
        :param datetime at: UTC instant
        :return: frozenset of ``pin`` and ``documents``, empty when the instrument is not used there
        """
        return frozenset()

    def _circuit_kind(self, identifier):
        """What a text would be as an identifier of this instrument, by its form alone: nothing is looked up.

        :param str identifier: upper case, without spaces around it
        :return: ``fiscal_code``, ``card_number``, ``one_time_code``, ``coupon``, ``wallet_code`` or None
        """
        return None

    @api.model
    def _circuit_admission(self, circuit_id, day):
        """At which activities not every holder can use this instrument, of each programme that runs in a circuit
        (R-004-40, R-004-79).

        :param int circuit_id: circuit
        :param date day: local day
        :return: list of {id of activity: ``special`` (only special cards) or ``none``}; empty: not used there
        """
        return []

    def _circuit_identify(self, identifier, at, circuits=()):
        """Find what was shown.

        :param str identifier: fiscal code, number or scanned code, upper case
        :param datetime at: UTC instant
        :param circuits: ids of the circuits the merchant belongs to; where a person has instruments
            in several circuits, one of these comes first
        :return: a NamedTuple with at least id, circuit_id, mask and label; None when unknown;
            Refusal BAD_IDENTIFIER when it cannot be one of this instrument's identifiers, another one
            when it is and nobody else need be asked (a one-time code that is not genuine)
        """
        raise NotImplementedError

    def _circuit_quote(self, handle, merchant, purchase, at):
        """What the instrument's rules allow, before its balance is looked at.

        :param handle: answer of ``_circuit_identify``
        :param Merchant merchant: who charges
        :param Purchase purchase: what is bought; an instrument that is not reducing looks at its ``net`` lines
        :param datetime at: UTC instant
        :return: Quote or Refusal
        """
        raise NotImplementedError

    def _circuit_told(self, outcome):
        """What an instrument adds to the answer of the till contract.

        :param dict outcome: answer of SQL ``circuit_outcome``
        :return: dict
        """
        return {}

    def _circuit_taken(self, paid, purchase, merchant_id):
        """What an instrument that is named by ``circuit.till._reducing`` takes off each line of an order it is part of.

        :param Paid paid: what it holds of the order
        :param Purchase purchase: the lines, in order, and what was taken off them before
        :param int merchant_id: the shop
        :return: tuple of Decimal, EUR, one a line; their sum is at most ``paid.amount``
        """
        raise NotImplementedError

    def _circuit_give_back(self, refund):
        """Return a captured refund: to the lots of its origin. An instrument without a stored-value account overrides
        this (R-004-84).

        :param refund: circuit.transaction of kind refund, captured
        :return: Decimal, what is left on the account afterwards, EUR; None without an account
        """
        account = refund.account_id
        at = refund.captured_at
        account._give_back(
            refund.origin_id.key, refund.key, to_decimal(refund.amount), at, refund.merchant_id._shop_label()
        )
        return account._available(at)[account.id]

    def _circuit_charge(self, handle, secret, quote, hold):
        """Check who pays (the secret, or the documents the cashier has seen) and debit, in one statement.

        :param handle: answer of ``_circuit_identify``
        :param str secret: PIN
        :param quote: Quote or Refusal; a Refusal is only told once the holder is identified
        :param dict hold: what SQL ``circuit_hold`` needs, without account_id; with a Refusal only key,
            fingerprint, merchant, documents and the category of the shop
        :return: dict with outcome authorized, replay, refused or quote (the given Refusal holds); it may
            name the ``instrument`` and the ``account``, which saves looking them up. A refused or quote
            outcome may add clause, possible, then, account and left (``rules.refusals.details``), once the
            holder is proven
        """
        raise NotImplementedError

    def _circuit_account_label(self, account_id):
        """Name of the account that was moved, e.g. "COMMERCIO".

        :param int account_id: stored-value account
        :return: str
        """
        raise NotImplementedError

    def _circuit_after_capture(self, transactions):
        """Called in the sale's own database transaction after captures; must not wait for anything.

        :param transactions: circuit.transaction records of this instrument, just captured
        """

    def _circuit_group(self, ids):
        """Which instruments belong together, e.g. the cards of a household: for looking at what is spent, so without
        any name.

        :param ids: ids of instruments
        :return: dict of id to an opaque text, the same for instruments that belong together
        """
        return {instrument: f"{self._name},{instrument}" for instrument in ids}

    def _circuit_minimum(self, ids, at):
        """Smallest purchase the rules ask for.

        :param ids: ids of instruments
        :param datetime at: UTC instant
        :return: dict of id to Decimal, EUR; instruments without a minimum are left out
        """
        return {}

    def _circuit_may_block(self):
        """Whether instruments of this kind can be blocked on suspicion.

        :return: bool
        """
        return False

    def _circuit_block(self, note):
        """Block these instruments on suspicion of abuse; the instrument says who may.

        :param str note: why, kept with the block
        """
        raise NotImplementedError
