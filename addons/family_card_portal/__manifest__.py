{
    "name": "Family Card on the Portal",
    "summary": "The citizen's area, the application form and the public pages of a Family Card programme",
    "version": "19.0.1.0.0",
    "category": "Accounting",
    "author": "Civic Circuit contributors",
    "website": "https://example.org/civic-circuit",
    "license": "AGPL-3",
    "depends": ["family_card", "portal"],
    "data": [
        "security/family_card_portal_security.xml",
        "security/ir.model.access.csv",
        "views/family_card_program_views.xml",
        "views/layout_templates.xml",
        "views/program_templates.xml",
        "views/area_templates.xml",
        "views/code_templates.xml",
        "views/application_parts_templates.xml",
        "views/application_templates.xml",
        "views/application_send_templates.xml",
        "views/application_state_templates.xml",
        "views/merchant_templates.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "family_card_portal/static/src/scss/family_card_portal.scss",
        ]
    },
}
