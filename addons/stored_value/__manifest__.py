{
    "name": "Stored Value",
    "summary": "A ledger of prepaid accounts, dated lots of credit and append-only entries",
    "version": "19.0.1.0.0",
    "category": "Accounting",
    "author": "Civic Circuit contributors",
    "website": "https://example.org/civic-circuit",
    "license": "AGPL-3",
    "depends": ["base", "web"],
    "data": [
        "security/stored_value_security.xml",
        "security/ir.model.access.csv",
        "data/ir_cron.xml",
        "views/stored_value_account_views.xml",
        "views/stored_value_lot_views.xml",
        "views/stored_value_entry_views.xml",
    ],
}
