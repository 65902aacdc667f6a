"""What came out of looking into unusual reading, in words."""

from flask_babel import lazy_gettext as _l

from ercms.reading.enums import AlarmMark
from ercms.web.error_handlers import register_reasons
from ercms.web.labels import register

register(AlarmMark, {AlarmMark.EXPLAINED: _l("Explained"), AlarmMark.QUESTIONED: _l("Questioned")})
register_reasons({"reading_not_stopped": _l("Nobody is stopped by this: it was released already.")})
