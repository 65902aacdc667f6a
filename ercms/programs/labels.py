"""What the refusals that a program meets mean."""

from flask_babel import lazy_gettext as _l

from ercms.web.error_handlers import register_reasons

register_reasons(
    {
        "api_key_needed": _l("Send a valid key of the interface in the Authorization header."),
        "if_match_needed": _l("Send the version on which you act in the If-Match header."),
        "if_match_malformed": _l("The If-Match header holds one version in quotation marks."),
        "idempotency_key_needed": _l("Send an Idempotency-Key header with a text of your own, new for each request."),
        "idempotency_key_malformed": _l("The Idempotency-Key header holds 1 to 200 printable ASCII characters."),
        "idempotency_key_reused": _l("This Idempotency-Key came with another request before."),
        "idempotency_key_in_use": _l("A request with this Idempotency-Key is being carried out at this moment."),
        "malformed_json": _l("The content is not usable JSON: check its syntax, doubled names and characters."),
        "invalid_input": _l("Some fields cannot be used as they are."),
    }
)
