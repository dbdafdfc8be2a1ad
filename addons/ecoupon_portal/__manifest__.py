{
    "name": "eCoupon on the Portal",
    "summary": "Public catalogue, reserved area, members' pages and the open door of a circuit of coupons",
    "version": "19.0.1.0.0",
    "category": "Accounting",
    "author": "Civic Circuit contributors",
    "website": "https://example.org/civic-circuit",
    "license": "AGPL-3",
    "depends": ["ecoupon", "portal"],
    "data": [
        "views/layout_templates.xml",
        "views/join_templates.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "ecoupon_portal/static/src/scss/**/*",
        ]
    },
}
