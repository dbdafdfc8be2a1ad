"""Rules of the settlement: plain functions on plain values, without the ORM."""
