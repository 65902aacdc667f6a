"""The blueprint of the law's administration; its routes stand in several files."""

from flask import Blueprint

from ercms.agreements.admin_labels import register_labels

law_admin_pages = Blueprint("law_admin", __name__, url_prefix="/agreements")
law_admin_pages.record_once(register_labels)
