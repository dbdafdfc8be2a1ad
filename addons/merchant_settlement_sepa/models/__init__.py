from . import account_payment_line, merchant_payment_line, merchant_payment_list, res_partner_bank
