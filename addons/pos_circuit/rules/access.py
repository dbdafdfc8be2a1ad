"""What a merchant's cashier may touch: the till and nothing else (default deny)."""

_SALE = frozenset("pos.order pos.order.line pos.payment pos.pack.operation.lot".split())

_TILL = frozenset(
    "pos.config pos.session pos.preset pos.payment.method pos.printer pos.category pos.bill pos.note".split()
)

_CATALOGUE = frozenset(
    "product.template product.product product.attribute product.attribute.value product.attribute.custom.value"
    " product.template.attribute.line product.template.attribute.value product.template.attribute.exclusion"
    " product.combo product.combo.item product.uom product.category product.pricelist product.pricelist.item"
    " product.tag uom.uom decimal.precision".split()
)

# read by the till's start-up: taxes and roundings of the lines, addresses, currencies, the device's number
_REFERENCE = frozenset(
    "barcode.nomenclature barcode.rule resource.calendar.attendance res.company res.country res.country.group"
    " res.country.state res.lang res.currency res.currency.rate account.tax account.tax.group"
    " account.tax.repartition.line account.cash.rounding account.fiscal.position stock.picking.type"
    " ir.sequence".split()
)

# emptied by record rules (see security/pos_circuit_rules.xml), but asked for by the client or by core code
_EMPTIED = frozenset(
    "res.users res.partner stock.picking stock.move mail.message.subtype discuss.channel discuss.channel.member".split()
)

_WRITE = _SALE | {"product.attribute.custom.value"}

ALLOWED = {
    "read": _SALE | _TILL | _CATALOGUE | _REFERENCE | _EMPTIED,
    "write": _WRITE,
    "create": _WRITE,
    "unlink": _SALE,
}
