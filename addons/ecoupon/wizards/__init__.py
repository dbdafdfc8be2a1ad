from . import circuit_reason_join
