from . import family_card_credit, family_card_state_change, family_household_head, family_household_history
