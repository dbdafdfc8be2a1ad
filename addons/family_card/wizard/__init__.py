from . import family_card_credit, family_card_state_change
