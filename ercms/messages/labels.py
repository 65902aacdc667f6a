"""What the refusals about messages mean."""

from flask_babel import lazy_gettext as _l

from ercms.web.error_handlers import register_reasons

register_reasons({"case_not_sent": _l("The request has not been sent yet: nobody else can see it.")})
