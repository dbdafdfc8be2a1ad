"""Benchmarks against a real server; see README.md."""
