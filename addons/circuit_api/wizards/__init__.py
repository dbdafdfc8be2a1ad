from . import circuit_api_key_new, circuit_api_key_show
