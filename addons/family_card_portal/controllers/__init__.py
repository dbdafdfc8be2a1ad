from . import application, area, code, merchant, program
