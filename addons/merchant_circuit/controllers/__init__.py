from . import agreements, complaint, directory, merchant, offers, shop, transactions
