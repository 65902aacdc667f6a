"""The blueprint of the requesting side's pages; the modules `*_views` put their routes on it."""

from flask import Blueprint

cases_pages = Blueprint("cases", __name__)
