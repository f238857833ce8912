"""The public form: one question or tight group a page; every post answers 303, so that a reload is harmless."""

from flask import Blueprint
from jinja2 import BaseLoader, ChoiceLoader, PackageLoader, PrefixLoader

from intake.form import answering, failures, listing, security, sending, starting
from intake.form.drafting import Drafting
from intake.form.services import Services

_COMPONENTS = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})


def blueprint(services: Services) -> Blueprint:
    """Return the form's routes."""
    form = Blueprint(
        "form",
        __name__,
        url_prefix="/report",
        template_folder="templates",
        static_folder="static",
        static_url_path="/static",
    )
    own: list[BaseLoader] = [form.jinja_loader] if form.jinja_loader else []
    form.jinja_loader = ChoiceLoader([*own, _COMPONENTS])
    drafting = Drafting(services)
    security.protect(form, services.secret_key)
    failures.add_to(form, services)
    starting.add_to(form, services, drafting)
    answering.add_to(form, services, drafting)
    listing.add_to(form, services, drafting)
    sending.add_to(form, services, drafting)
    return form
