"""What may be asked of the statistics."""

from ercms.core.fields import FormSchema, WholeNumber
from ercms.core.text import msg


class OverviewQuery(FormSchema):
    """The year whose tables are wanted."""

    year = WholeNumber(least=1990, most=2200, label=msg("Year"))
