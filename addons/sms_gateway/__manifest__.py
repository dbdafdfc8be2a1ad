{
    "name": "SMS Gateway",
    "summary": "Keeps every SMS on this machine by default; hides secrets such as PINs",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tools",
    "author": "Civic Circuit contributors",
    "website": "https://example.org/civic-circuit",
    "license": "AGPL-3",
    "depends": ["sms"],
    "data": [
        "security/sms_gateway_groups.xml",
        "security/ir.model.access.csv",
        "data/ir_config_parameter.xml",
        "views/sms_outbox_views.xml",
        "views/sms_sms_views.xml",
        "views/res_company_views.xml",
    ],
}
