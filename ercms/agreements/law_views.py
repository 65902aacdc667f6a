"""The administration of the law, whole: importing this file puts every route on the blueprint."""

from ercms.agreements import calendar_views, status_views, term_views, text_views, whatif_views
from ercms.agreements.blueprint import law_admin_pages

__all__ = ["calendar_views", "law_admin_pages", "status_views", "term_views", "text_views", "whatif_views"]
