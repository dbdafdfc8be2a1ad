from . import (
    account_move,
    circuit_funder,
    circuit_reconciliation_item,
    ecoupon_campaign,
    ecoupon_invoice_item,
    ecoupon_invoice_run,
    ecoupon_invoice_run_document,
    ecoupon_invoice_run_work,
    ecoupon_redemption,
    merchant_settlement_source,
    merchant_statement,
    merchant_statement_source,
)
