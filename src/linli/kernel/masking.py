"""Personal data as they are shown to who has no need of the whole."""


def masked_name(name: str) -> str:
    """Mask a name: 王*明, 李*."""
    if len(name) <= 1:
        return name and "*"
    return name[0] + "*" + (name[-1] if len(name) > 2 else "")  # noqa: PLR2004 - a name of three characters


def masked_phone(phone: str) -> str:
    """Mask a phone number: 138****5678; of a shorter one only the end is left: ******89."""
    if len(phone) >= 11:  # noqa: PLR2004 - a mobile number, or one with its area code
        return f"{phone[:3]}****{phone[-4:]}"
    return "*" * (len(phone) - 2) + phone[-2:] if len(phone) >= 8 else "*" * len(phone)  # noqa: PLR2004 - a local one
