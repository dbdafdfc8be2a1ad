from . import circuit_activity, circuit_api_key, circuit_api_rate, circuit_circuit, circuit_till, ir_http, res_partner
