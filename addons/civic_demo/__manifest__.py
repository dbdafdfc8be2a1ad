{
    "name": "Civic Circuit Demo",
    "summary": "Corleto Perticara's Family Card, replayed on the running year with invented people",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Civic Circuit contributors",
    "website": "https://example.org/civic-circuit",
    "license": "AGPL-3",
    "depends": [
        "family_card_portal",
        "family_card_privacy",
        "pos_circuit",
        "circuit_review",
        "circuit_web_till",
        "merchant_settlement_dashboard",
        "l10n_it",
    ],
    "post_init_hook": "post_init_hook",
}
