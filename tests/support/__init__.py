"""What the tests and benchmarks share: databases, real Odoo servers, browsers."""
