from . import (
    family_card_application_step,
    family_card_check_fail,
    family_card_credit,
    family_card_extension,
    family_card_fraud,
    family_card_quotient_compute,
    family_card_quotient_simulation,
    family_card_quotient_simulation_line,
    family_card_state_change,
    family_household_head,
    family_household_history,
)
