{
    "name": "Merchant Settlement: SEPA",
    "summary": "A payment list of merchants as SEPA credit transfer (pain.001.001.09), for who pays through a bank",
    "version": "19.0.1.0.0",
    "category": "Accounting",
    "author": "Civic Circuit contributors",
    "website": "https://example.org/civic-circuit",
    "license": "AGPL-3",
    "depends": ["merchant_settlement", "account_payment_sepa_credit_transfer"],
    "data": ["views/merchant_payment_list_views.xml"],
}
