{
    "name": "eCoupon on the Portal",
    "summary": "Public catalogue, reserved area, members' pages and the open door of a circuit of coupons",
    "version": "19.0.1.0.0",
    "category": "Accounting",
    "author": "Civic Circuit contributors",
    "website": "https://example.org/civic-circuit",
    "license": "AGPL-3",
    # auth_totp_portal, auth_passkey_portal: where a citizen sets up the login that the reserved area asks for
    "depends": ["ecoupon", "portal", "auth_totp_portal", "auth_passkey_portal"],
    "data": [
        "security/ecoupon_portal_rules.xml",
        "security/ir.model.access.csv",
        "views/ecoupon_campaign_views.xml",
        "views/ecoupon_engagement_views.xml",
        "views/ecoupon_code_try_views.xml",
        "views/layout_templates.xml",
        "views/citizen_catalogue_templates.xml",
        "views/citizen_coupon_templates.xml",
        "views/citizen_reserved_templates.xml",
        "views/citizen_wallet_templates.xml",
        "views/join_templates.xml",
        "views/member_templates.xml",
        "views/member_campaign_templates.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "ecoupon_portal/static/src/js/**/*",
            "ecoupon_portal/static/src/scss/**/*",
        ],
        "web.assets_unit_tests": [
            "ecoupon_portal/static/src/js/member_coupons.js",
            "ecoupon_portal/static/tests/unit/**/*",
        ],
    },
}
