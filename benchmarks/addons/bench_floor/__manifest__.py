{
    "name": "Benchmark floor",
    "summary": "What an authenticated request costs before it does anything; never installed outside benchmarks",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Civic Circuit contributors",
    "website": "https://example.org/civic-circuit",
    "license": "AGPL-3",
    "depends": ["web"],
}
