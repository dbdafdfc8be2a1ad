{
    "name": "Circuit Accounting",
    "summary": "The public body's general ledger of a circuit: accounts by wizard, postings, reconciliation to the cent",
    "version": "19.0.1.0.0",
    "category": "Accounting",
    "author": "Civic Circuit contributors",
    "website": "https://example.org/civic-circuit",
    "license": "AGPL-3",
    "depends": ["merchant_circuit", "account"],
    "data": [
        "security/ir.model.access.csv",
        "security/circuit_account_rules.xml",
        "wizard/circuit_account_setup_views.xml",
        "views/circuit_funder_views.xml",
        "views/circuit_transaction_views.xml",
    ],
}
