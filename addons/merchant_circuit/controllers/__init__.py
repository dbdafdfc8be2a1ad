from . import complaint, directory, merchant, offers, transactions
