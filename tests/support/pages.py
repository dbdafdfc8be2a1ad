"""Every address of ours that answers with a page, who opens it, and why the others are none.

A new route has to be named in PAGES or in NO_PAGE: test_accessibility.py compares both with Odoo's routing map.
"""

ANYBODY = ""
SHOP, WEB_SHOP = "alimentari", "edicola"
HOLDER, APPLICANT, NEWCOMER = "mario.rossi", "elena.marino", "pietro.lauria"
MEMBER, ENTITLED = "libreria", "anna.bianchi"

#: Rule of the routing map: whoever opens it, and the addresses to look at; {names} are filled in by the test.
PAGES = {
    "/family-card": (ANYBODY, ["/family-card"]),
    "/family-card/<int:program_id>": (ANYBODY, ["/family-card/{program}"]),
    "/family-card/help": (ANYBODY, ["/family-card/help"]),
    "/family-card/help/<string:audience>": (ANYBODY, ["/family-card/help/merchant"]),
    "/family-card/balance": (ANYBODY, ["/family-card/balance"]),
    "/circuit/<string:reference>/merchants": (ANYBODY, ["/circuit/{circuit}/merchants"]),
    "/circuit/<string:reference>/merchant/<string:page>": (ANYBODY, ["/circuit/{circuit}/merchant/shop-{shop}"]),
    "/circuit/<string:reference>/report": (ANYBODY, ["/circuit/{circuit}/report"]),
    "/circuit/<string:reference>/join": (ANYBODY, ["/circuit/{coupons}/join"]),
    "/my/coupons/newsletter": (HOLDER, ["/my/coupons/newsletter"]),
    # the address is a secret of each consent
    "/coupons/newsletter/stop/<string:token>": (ANYBODY, []),
    "/coupons": (ANYBODY, ["/coupons", "/coupons?q=nothing-of-this-name"]),
    "/coupons/page/<int:page>": (ANYBODY, ["/coupons/page/2"]),
    "/coupons/<int:campaign_id>": (ANYBODY, ["/coupons/{campaign}"]),
    "/my/coupons": (ENTITLED, ["/my/coupons"]),
    "/my/coupons/<int:coupon_id>": (ENTITLED, ["/my/coupons/{coupon}"]),
    "/my/reserved": (ENTITLED, ["/my/reserved"]),
    "/my/reserved/<int:circuit_id>": (ENTITLED, ["/my/reserved/{coupons}"]),
    "/my/reserved/<int:circuit_id>/coupons/<int:campaign_id>": (ENTITLED, ["/my/reserved/{coupons}/coupons/{extra}"]),
    "/my/reserved/<int:circuit_id>/movements": (ENTITLED, ["/my/reserved/{coupons}/movements"]),
    "/my/reserved/<int:circuit_id>/movements/page/<int:page>": (ENTITLED, ["/my/reserved/{coupons}/movements/page/1"]),
    "/my/reserved/<int:circuit_id>/rewards": (ENTITLED, ["/my/reserved/{coupons}/rewards"]),
    "/my/reserved/<int:circuit_id>/history": (ENTITLED, ["/my/reserved/{coupons}/history"]),
    "/my/reserved/<int:circuit_id>/code": (ENTITLED, ["/my/reserved/{coupons}/code"]),
    "/my/card": (HOLDER, ["/my/card"]),
    "/my/card/<int:card_id>/movements": (HOLDER, ["/my/card/{card}/movements"]),
    "/my/card/<int:card_id>/movements/page/<int:page>": (HOLDER, ["/my/card/{card}/movements/page/1"]),
    "/my/card/<int:card_id>/why": (HOLDER, ["/my/card/{card}/why"]),
    "/my/card/<int:card_id>/code": (HOLDER, ["/my/card/{card}/code"]),
    "/my/card/apply/<int:program_id>": (HOLDER, ["/my/card/apply/{program}"]),
    "/my/card/application/<int:application_id>": (APPLICANT, ["/my/card/application/{application}"]),
    # its steps are walked through by a test of their own
    "/my/card/application/<int:application_id>/<string:step>": (NEWCOMER, []),
    "/merchant": (SHOP, ["/merchant", "/merchant?trend=months"]),
    "/merchant/transactions": (
        SHOP,
        ["/merchant/transactions?period=quarter", "/merchant/transactions?from=2020-01-01&kind=refund"],
    ),
    "/merchant/transactions/page/<int:page>": (SHOP, ["/merchant/transactions/page/1"]),
    "/merchant/transactions/<string:reference>": (SHOP, ["/merchant/transactions/{sale}"]),
    "/merchant/statements": (SHOP, ["/merchant/statements"]),
    "/merchant/statements/page/<int:page>": (SHOP, ["/merchant/statements/page/1"]),
    "/merchant/statements/<string:number>": (SHOP, ["/merchant/statements/{statement}"]),
    "/merchant/invoices": (MEMBER, ["/merchant/invoices"]),
    "/merchant/invoices/page/<int:page>": (MEMBER, ["/merchant/invoices/page/1"]),
    "/merchant/invoices/<int:invoice_id>": (MEMBER, ["/merchant/invoices/{invoice}"]),
    "/merchant/coupons": (MEMBER, ["/merchant/coupons", "/merchant/coupons?period=quarter"]),
    "/merchant/coupons/campaigns": (MEMBER, ["/merchant/coupons/campaigns"]),
    "/merchant/coupons/campaigns/new": (MEMBER, ["/merchant/coupons/campaigns/new"]),
    # has the code of a coupon: walked through by test_coupon_member_campaigns.py
    "/merchant/coupons/handed-out/<int:coupon_id>": (MEMBER, []),
    "/merchant/offers": (SHOP, ["/merchant/offers"]),
    "/merchant/offers/new": (SHOP, ["/merchant/offers/new"]),
    "/merchant/offers/<int:offer_id>": (SHOP, ["/merchant/offers/{offer}"]),
    "/merchant/shop": (SHOP, ["/merchant/shop"]),
    "/merchant/agreement": (SHOP, ["/merchant/agreement"]),
    "/merchant/help": (SHOP, ["/merchant/help"]),
    "/merchant/api": (SHOP, ["/merchant/api"]),
    "/merchant/till": (WEB_SHOP, ["/merchant/till"]),
    # Odoo POS, its dialogs: test_till_pages.py
    "/pos/ui/<config_id>": (SHOP, []),
    "/pos/ui/<config_id>/<path:subpath>": (SHOP, []),
}

#: The merchant's area once more, of a portal user who has the web till only.
ALSO = [
    (
        WEB_SHOP,
        [
            "/merchant",
            "/merchant/transactions?period=quarter",
            "/merchant/statements",
            "/merchant/offers",
            "/merchant/shop",
            "/merchant/agreement",
            "/merchant/help",
            "/merchant/api",
        ],
    ),
    # of whom there is nothing to show
    (SHOP, ["/merchant/coupons", "/merchant/coupons/campaigns", "/merchant/invoices"]),
    (HOLDER, ["/my/coupons"]),
]

#: Addresses that answer GET with something else than a page of ours.
NO_PAGE = {
    "/coupons.geojson": "data",
    "/coupons.rss": "feed",
    "/coupons/<int:campaign_id>/picture": "picture",
    "/my/reserved/<int:circuit_id>/coupons/<int:campaign_id>/picture": "picture",
    "/my/reserved/<int:circuit_id>/code/paid": "part of the page with the code",
    "/circuit/<string:reference>/merchants.geojson": "data",
    "/family-card/document/<int:document_id>": "download",
    "/family-card/registry/template.csv": "download",
    '/family-card/registry/<model("family.registry.import"):record>/errors.csv': "download",
    "/my/card/application/<int:application_id>/file/<int:attachment_id>": "download",
    "/my/card/data.json": "download",
    "/merchant/agreement/document/<int:document_id>": "download",
    "/merchant/sticker/<int:agreement_id>": "download",
    "/merchant/coupons.<string:extension>": "file",
    "/merchant/coupons/live": "data",
    "/ecoupon/batch/<int:batch_id>.csv": "download",
    "/ecoupon/batch/<int:batch_id>.pdf": "download",
    "/merchant/transactions.<string:extension>": "download",
    "/merchant/statements/<string:number>/<string:kind>": "download",
    "/merchant/invoices/<int:invoice_id>/<string:kind>": "download",
    "/merchant_settlement/statement/<int:statement_id>.xlsx": "download",
    "/my/card/<int:card_id>/code/paid": "part of the page with the code",
    "/merchant/live": "data of the dashboard",
    "/merchant/till/manifest.webmanifest": "describes the web till to the telephone",
    "/merchant/till/worker.js": "script",
    "/pos_customer_display/<id_>/<device_uuid>": "Odoo's own screen towards the customer, of one's own till only",
    "/web": "Odoo's own page, or the way to /merchant",
    "/odoo": "Odoo's own page, or the way to /merchant",
    "/odoo/<path:subpath>": "Odoo's own page, or the way to /merchant",
    "/scoped_app/<path:subpath>": "Odoo's own page, or the way to /merchant",
}

#: Prints the rules of the routing map that our addons answer and that a browser can open.
ROUTES = """
import json
ADDONS = %r
found = set()
for rule in env["ir.http"].routing_map().iter_rules():
    routing, module = rule.endpoint.routing, rule.endpoint.func.__module__.split(".")
    opens = routing.get("type") == "http" and "GET" in (rule.methods or ["GET"])
    if opens and module[:2] == ["odoo", "addons"] and module[2] in ADDONS:
        found.add(str(rule))
print("ROUTES" + json.dumps(sorted(found)))
"""
