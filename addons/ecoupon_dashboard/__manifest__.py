{
    "name": "Coupon Dashboard",
    "summary": "Coupons taken and spent, what they cost whom, and who owes whom, on one page for operator and Region",
    "version": "19.0.1.0.0",
    "category": "Productivity/Dashboard",
    "author": "Civic Circuit contributors",
    "website": "https://example.org/civic-circuit",
    "license": "AGPL-3",
    "depends": ["spreadsheet_dashboard", "merchant_settlement_dashboard", "ecoupon"],
    "data": ["data/dashboard.xml"],
    "auto_install": True,
}
