"""The page of the statistics."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from ercms.access.permissions import Permission
from ercms.core.unit_of_work import unit_of_work
from ercms.statistics import charts, service
from ercms.statistics.labels import NOTES, column_text, register_labels
from ercms.statistics.schemas import OverviewQuery
from ercms.statistics.service import Figures
from ercms.statistics.suppression import THRESHOLD
from ercms.web.request_data import query_dict
from ercms.web.route_guards import current_actor, requires

statistics_pages = Blueprint("statistics", __name__, url_prefix="/statistics")
statistics_pages.record_once(register_labels)


@statistics_pages.get("")
@requires(Permission.STATISTICS_READ)
def overview() -> ResponseReturnValue:
    """Show the tables of a year, and the requests of its quarters as a chart."""
    values = query_dict(OverviewQuery())
    with unit_of_work():
        made = service.make_overview(actor=current_actor(), year=values.get("year"))
    return render_template(
        "statistics/overview.html",
        overview=made,
        charts={figures.name: _chart(figures) for figures in made.tables},
        heads={figures.name: [column_text(column) for column in figures.columns] for figures in made.tables},
        notes=NOTES,
        threshold=THRESHOLD,
        others=service.OTHERS,
    )


def _chart(figures: Figures) -> charts.Chart:
    """Draw the totals of the columns, never the States: a chart shows no number that its table hides."""
    heads = [column_text(column) for column in figures.columns]
    return charts.bar_chart(list(zip(heads, figures.totals[:-1], strict=True)))
