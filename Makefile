# For those whose fingers type make: every target is ./civic's command of that name.
.PHONY: run setup test lint stop clean i18n screenshots
run setup test lint stop clean i18n screenshots:
	@./civic $@
