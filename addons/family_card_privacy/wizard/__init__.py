from . import family_data_export, family_transparency_export
