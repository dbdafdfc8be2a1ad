from . import directory, merchant, offers
