{
    "name": "eCoupon API",
    "summary": "The Region's own systems deliver lists of entitled people: /ecoupon/v1/",
    "version": "19.0.1.0.0",
    "category": "Accounting",
    "author": "Civic Circuit contributors",
    "website": "https://example.org/civic-circuit",
    "license": "AGPL-3",
    # circuit_api: how a call is read from the document, checked and answered
    "depends": ["ecoupon", "circuit_api"],
    "data": [
        "security/ir.model.access.csv",
        "security/ecoupon_api_rules.xml",
        "wizards/ecoupon_api_key_new_views.xml",
    ],
    "auto_install": True,
}
