from . import (
    family_access_log,
    family_card,
    family_erasure,
    family_erasure_data,
    family_privacy_terms,
    res_partner,
    res_partner_data,
    res_users,
)
