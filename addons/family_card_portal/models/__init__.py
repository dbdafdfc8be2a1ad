from . import (
    family_card,
    family_card_application,
    family_card_document,
    family_card_help,
    family_card_program,
    res_users,
)
