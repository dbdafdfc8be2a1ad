{
    "name": "Web Till of the Circuit",
    "summary": "A till in the phone's browser for shops without a point of sale: card, amount, PIN, done",
    "version": "19.0.1.0.0",
    "category": "Accounting",
    "author": "Civic Circuit contributors",
    "website": "https://example.org/civic-circuit",
    "license": "AGPL-3",
    # portal: the login page leads to the till, the invitation leads to the login page
    "depends": ["merchant_circuit", "portal"],
    "data": [
        "security/circuit_web_till_security.xml",
        "security/ir.model.access.csv",
        "wizards/circuit_web_till_access_views.xml",
        "views/res_partner_views.xml",
        "views/till_templates.xml",
    ],
    "assets": {
        # all that the page loads: no framework, so that it opens at once on an old telephone
        "circuit_web_till.assets": [
            "circuit_web_till/static/src/till.css",
            "web/static/src/module_loader.js",
            "web/static/src/core/barcode/ZXingBarcodeDetector.js",
            "circuit_web_till/static/src/core/*.js",
            "circuit_web_till/static/src/*.js",
        ],
        "web.assets_unit_tests": [
            "circuit_web_till/static/src/core/*.js",
            "circuit_web_till/static/tests/unit/**/*",
        ],
    },
}
