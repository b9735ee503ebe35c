"""What we tell browsers to load, to run and to let others do with our answers: on every one of them."""

from collections.abc import Mapping

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_FEATURES = (
    "accelerometer", "display-capture", "gyroscope", "hid", "idle-detection", "magnetometer", "microphone",
    "midi", "payment", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
# Places and photos of a report; the bell of a hall's screen, which must not fall asleep either.
_OURS = ("geolocation", "camera", "autoplay", "screen-wake-lock")
# Referrer, opener and sniffing are in Django's own SecurityMiddleware too; streams and static files don't pass it.
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": ", ".join([*(f"{name}=(self)" for name in _OURS), *(f"{name}=()" for name in _FEATURES)]),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
}
