{
    "name": "Merchant Settlement Dashboard",
    "summary": "What was paid to the shops, how long it took, and what is left of the sources of funds, on one page",
    "version": "19.0.1.0.0",
    "category": "Productivity/Dashboard",
    "author": "Civic Circuit contributors",
    "website": "https://example.org/civic-circuit",
    "license": "AGPL-3",
    "depends": ["spreadsheet_dashboard", "merchant_settlement"],
    "data": ["data/dashboard.xml"],
    "auto_install": True,
}
