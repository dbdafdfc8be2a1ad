from . import own_fields, stored_value_account, stored_value_entry, stored_value_lot
