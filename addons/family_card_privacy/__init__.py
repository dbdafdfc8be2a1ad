from . import models, report, rules, wizard
