"""Amounts and dates in the words of the visitor's language."""

from decimal import Decimal

from babel.numbers import format_currency

from odoo import fields
from odoo.http import request
from odoo.tools import babel_locale_parse, format_date, format_datetime


def money(amount, currency):
    """An amount such as "41.25" as the visitor writes it.

    :param amount: str, Decimal or the value of a monetary field
    :param currency: res.currency
    """
    return format_currency(Decimal(str(amount)), currency.name, locale=babel_locale_parse(request.env.lang))


def day(value):
    """A date, or the ISO text of one, as the visitor writes it; empty for none."""
    return format_date(request.env, fields.Date.to_date(value)) if value else ""


def moment(at, tz):
    """An instant on the clock of the programme, to the minute; empty for none.

    :param datetime at: naive UTC
    :param str tz: IANA name
    """
    return format_datetime(request.env, at, tz=tz, dt_format="short") if at else ""


def secure(response):
    """Keep a personal page out of caches, search engines and other sites' frames.

    :param response: the rendered page
    :return: the same response
    """
    response.headers.update(
        {
            "Cache-Control": "no-store",
            "Referrer-Policy": "same-origin",
            "X-Robots-Tag": "noindex, nofollow",
            "X-Frame-Options": "SAMEORIGIN",
            "Content-Security-Policy": "frame-ancestors 'self'",
        }
    )
    return response
