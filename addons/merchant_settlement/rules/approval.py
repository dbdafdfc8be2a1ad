"""When the law or the terms ask for more than one look before a statement is paid."""

from decimal import Decimal


def needs_second_person(payable: Decimal, above: Decimal) -> bool:
    """Whether somebody else than who checked must approve (A24).

    :param payable: EUR, > 0
    :param above: EUR of the terms; 0: always
    """
    return payable > above


def needs_arrears_check(payable: Decimal, threshold: Decimal) -> bool:
    """Whether the check of tax arrears comes before the payment: strictly above the threshold (example N5).

    :param payable: EUR to pay
    :param threshold: EUR in force on the day of approval
    """
    return payable > threshold


def bill_parts(total: Decimal, payable: Decimal) -> tuple[Decimal, Decimal]:
    """What a bill reimburses and what it adds: the stamp duty where the public body bears it (example N3).

    :param total: EUR, payments less corrections and less what was carried in; > 0
    :param payable: EUR to pay, not below the total
    :returns: (reimbursement, stamp duty paid by the body)
    :raises ValueError: nothing to pay, or less to pay than the total
    """
    if total <= 0 or payable < total:
        raise ValueError(f"no bill of {payable} for {total}")
    return total, payable - total
