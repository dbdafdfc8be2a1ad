"""Rules of the ledger's surroundings: plain functions on plain values, without the ORM."""
