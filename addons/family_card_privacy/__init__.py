from . import controllers, models, report, rules, wizard
