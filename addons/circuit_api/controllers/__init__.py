from . import api, dispatcher, merchant, problem
