"""One's own notices, and the mark that says how many are new."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ercms.access.permissions import Permission
from ercms.core.unit_of_work import unit_of_work
from ercms.notifications import service
from ercms.notifications.enums import NoticeEvent
from ercms.notifications.labels import event_text
from ercms.web.route_guards import current_actor, current_signed_in, requires

notifications_pages = Blueprint("notifications", __name__)

_ON_READING = {NoticeEvent.READING_UNUSUAL.value, NoticeEvent.READING_STOPPED.value}


@notifications_pages.get("/notices")
@requires(Permission.NOTIFICATION_READ)
def notice_list() -> ResponseReturnValue:
    """Show the notices to oneself and to one's organisation."""
    notices = service.list_own(actor=current_actor())
    lines = [(notice, event_text(notice.event)) for notice in notices]
    return render_template("notifications/notice_list.html", lines=lines, new=sum(n.is_new for n in notices))


@notifications_pages.post("/notices/read")
@requires(Permission.NOTIFICATION_READ)
def read_all() -> ResponseReturnValue:
    """Mark all notices as read."""
    with unit_of_work():
        service.mark_all_read(actor=current_actor())
    return redirect(url_for("notifications.notice_list"))


@notifications_pages.post("/notices/<notice_id>/read")
@requires(Permission.NOTIFICATION_READ)
def read_one(notice_id: str) -> ResponseReturnValue:
    """Mark a notice as read and go to where it leads."""
    with unit_of_work():
        notice = service.mark_read(actor=current_actor(), notice_id=notice_id)
    if notice.is_for_agency:
        return redirect(url_for("verification.inquiry_list"))
    if notice.is_for_partner:
        return redirect(url_for("reintegration.referral_list"))
    if notice.is_for_data_protection and notice.event in _ON_READING:
        return redirect(url_for("privacy_reading.overview"))
    if notice.is_for_data_protection:
        return redirect(url_for("privacy_marks.overview"))
    if notice.case_reference is None:
        return redirect(url_for("notifications.notice_list"))
    return redirect(url_for("casefile.case_page", reference=notice.case_reference))


@notifications_pages.app_context_processor
def _unread() -> dict[str, Any]:
    """Give every page the number of new notices, counted only when a page asks for it."""
    return {"unread_notices": _count}


def _count() -> int:
    signed_in = current_signed_in()
    if signed_in is None:
        return 0
    if "unread_notices" not in g:
        g.unread_notices = service.unread_count(actor=signed_in.actor)
    count: int = g.unread_notices
    return count
