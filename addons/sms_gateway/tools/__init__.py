from .outbox_api import SmsApiOutbox
from .secret_api import SmsApiWithSecrets
