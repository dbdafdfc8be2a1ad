from . import application, area, program
