from .links import check_links
