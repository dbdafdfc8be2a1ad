from . import family_card_print
