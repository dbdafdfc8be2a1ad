{
    "name": "eCoupon",
    "summary": "A regional circuit of coupons: issuers, campaigns, entitled citizens, virtual wallet, commission",
    "version": "19.0.1.0.0",
    "category": "Accounting",
    "author": "Civic Circuit contributors",
    "website": "https://example.org/civic-circuit",
    "license": "AGPL-3",
    # l10n_it_edi: the fiscal code of a person is its res.partner field
    # queue_job: lists of a hundred thousand people and batches of codes are made in the background
    # auth_totp, auth_passkey: second factors, which the reserved area asks for
    "depends": ["merchant_circuit", "l10n_it_edi", "queue_job", "auth_totp", "auth_passkey"],
    "data": [
        "security/ecoupon_groups.xml",
        "security/ecoupon_rules.xml",
        "security/ir.model.access.csv",
        "data/ir_sequence.xml",
        "data/mail_template_join.xml",
        "views/menus.xml",
        "wizards/circuit_reason_join_views.xml",
        "views/circuit_circuit_territory_views.xml",
        "views/ecoupon_join_views.xml",
        "data/entitlement_data.xml",
        "wizards/ecoupon_entitlement_key_new_views.xml",
        "views/ecoupon_policy_views.xml",
        "views/ecoupon_entitlement_list_views.xml",
        "views/ecoupon_entitlement_views.xml",
        "views/ecoupon_entitlement_key_views.xml",
        "views/ecoupon_access_refusal_views.xml",
        "views/res_partner_views.xml",
    ],
    "application": True,
}
