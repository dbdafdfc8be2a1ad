from . import application, area, merchant, program
