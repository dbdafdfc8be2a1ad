from . import circuit_till, res_partner, res_users
