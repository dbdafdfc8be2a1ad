from . import res_company, sms_outbox, sms_sms
