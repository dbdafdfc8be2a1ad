"""Rules of the Family Card: plain functions on plain values, without the ORM."""
