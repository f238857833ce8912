"""A provider on loopback: a page with a name to sign in by, a cookie that keeps somebody signed in, and its own mind.

``forgetful`` makes it overlook that a fresh sign-in was asked for, as a careless provider would.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, Response, make_response, redirect, request
from idpyoidc.message.oidc import AuthorizationRequest
from idpyoidc.server import Server
from idpyoidc.server.configure import OPConfiguration
from markupsafe import Markup
from werkzeug.serving import make_server
from werkzeug.wrappers import Response as Answer

from deploy.local.ports import ADDRESS, free_port

CLIENT = "dayzero"
ACR = "urn:example:second-factor"
_ENDPOINTS = "idpyoidc.server.oidc"
_COOKIE = "provider_who"


class Provider:
    """One running provider."""

    def __init__(self, port: int, client_secret: str, redirect_uri: str) -> None:
        self.issuer = f"http://{ADDRESS}:{port}"
        self.client_secret = client_secret
        self.forgetful = False
        self.asked: list[dict[str, str]] = []
        self._server = Server(OPConfiguration(_configuration(self.issuer)))
        self._context = self._server.get_context()
        self._context.session_manager.sub_func["public"] = named
        self._context.cdb[CLIENT] = {
            "client_secret": client_secret,
            "redirect_uris": [(redirect_uri, {})],
            "response_types_supported": ["code"],
            "token_endpoint_auth_method": "client_secret_basic",
            "allowed_scopes": ["openid"],
        }
        self._context.keyjar.add_symmetric(CLIENT, client_secret)

    def knows(self, redirect_uri: str) -> None:
        """Know where the door is, once that is so."""
        self._context.cdb[CLIENT]["redirect_uris"] = [(redirect_uri, {})]

    def authorise(self) -> Answer:
        """Ask who somebody is, unless it is known and nobody wants to hear it again."""
        query = request.args.to_dict()
        self.asked.append(query)
        endpoint = self._server.get_endpoint("authorization")
        parsed = endpoint.parse_request(request.args.to_dict())
        if "error" in parsed:
            return Response(f"{parsed}", 400)
        who, _, at = request.cookies.get(_COOKIE, "").partition("|")
        if who and (query.get("prompt") != "login" or self.forgetful):
            return self._answer(parsed, who, int(at))
        form = '<form method="post" action="/login?{}"><label for="who">Who are you?</label>'
        form += '<input id="who" name="who"><button>Sign in</button></form>'
        return Response(Markup(form).format(request.query_string.decode()), content_type="text/html")  # noqa: S704

    def login(self) -> Answer:
        """Believe whoever says who she is."""
        who, now = request.form["who"], int(time.time())
        answer = self._answer(AuthorizationRequest().from_urlencoded(request.query_string.decode()), who, now)
        answer.set_cookie(_COOKIE, f"{who}|{now}", httponly=True)
        return answer

    def token(self) -> Answer:
        """Give the token for a code."""
        endpoint = self._server.get_endpoint("token")
        info = {"headers": {name.lower(): value for name, value in request.headers.items()}}
        parsed = endpoint.parse_request(request.form.to_dict(), http_info=info)
        if "error" in parsed:
            return Response(parsed.to_json(), 400, content_type="application/json")
        given = endpoint.process_request(parsed)
        if "error" in given:
            return Response(endpoint.error_cls(**given).to_json(), 400, content_type="application/json")
        made = endpoint.do_response(request=parsed, **given)
        return make_response(made["response"], dict(made["http_headers"]))

    def metadata(self) -> Answer:
        """Tell of itself."""
        endpoint = self._server.get_endpoint("provider_config")
        made = endpoint.do_response(**endpoint.process_request())
        return Response(made["response"], content_type="application/json")

    def keys(self) -> Answer:
        """Publish the keys."""
        return Response(self._context.keyjar.export_jwks_as_json(), content_type="application/json")

    def _answer(self, asked: Any, who: str, at: int) -> Answer:
        endpoint = self._server.get_endpoint("authorization")
        session_id = endpoint.create_session(asked, who, ACR, at, _Method())
        made = endpoint.do_response(request=asked, **endpoint.authz_part2(request=asked, session_id=session_id))
        return redirect(made["response"], 302)


class _Method:
    """What the provider's session needs to know of how somebody signed in."""

    kwargs: dict[str, Any] = {}  # noqa: RUF012 - read only


def named(uid: str, *_: Any, **__: Any) -> str:
    """Make the subject of a user what tests can write down."""
    return f"subject-of-{uid}"


@contextmanager
def providing(redirect_uri: str, client_secret: str) -> Iterator[Provider]:
    """Run a provider on a thread."""
    port = free_port()
    provider = Provider(port, client_secret, redirect_uri)
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/.well-known/openid-configuration", view_func=provider.metadata, endpoint="metadata")
    app.add_url_rule("/jwks.json", view_func=provider.keys, endpoint="keys")
    app.add_url_rule("/authorization", view_func=provider.authorise, endpoint="authorise")
    app.add_url_rule("/login", view_func=provider.login, endpoint="login", methods=["POST"])
    app.add_url_rule("/token", view_func=provider.token, endpoint="token", methods=["POST"])
    server = make_server(ADDRESS, port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _configuration(issuer: str) -> dict[str, Any]:
    keys = [{"type": "RSA", "use": ["sig"]}, {"type": "EC", "crv": "P-256", "use": ["sig"]}]
    lifetime = {"kwargs": {"lifetime": 600}}
    return {
        "issuer": issuer,
        "base_url": issuer,
        "httpc_params": {"verify": False},
        "key_conf": {"key_defs": keys, "uri_path": "jwks.json"},
        "preference": {"id_token_signing_alg_values_supported": ["RS256"]},
        "token_handler_args": {
            "key_conf": {"key_defs": [{"type": "OCT", "use": ["enc"], "kid": "code"}]},
            "code": lifetime,
            "token": {"class": "idpyoidc.server.token.jwt_token.JWTToken", **lifetime},
            "id_token": {
                "class": "idpyoidc.server.token.id_token.IDToken",
                "kwargs": {"base_claims": {"auth_time": {"essential": True}, "acr": None}},
            },
        },
        "endpoint": {
            "provider_config": {
                "path": ".well-known/openid-configuration",
                "class": f"{_ENDPOINTS}.provider_config.ProviderConfiguration",
                "kwargs": {"client_authn_method": None},
            },
            "authorization": {
                "path": "authorization",
                "class": f"{_ENDPOINTS}.authorization.Authorization",
                "kwargs": {"client_authn_method": None, "response_types_supported": ["code"]},
            },
            "token": {
                "path": "token",
                "class": f"{_ENDPOINTS}.token.Token",
                "kwargs": {"client_authn_method": ["client_secret_basic"]},
            },
        },
        "add_on": {
            "pkce": {
                "function": "idpyoidc.server.oauth2.add_on.pkce.add_support",
                "kwargs": {"essential": True},
            }
        },
        "userinfo": {"class": "idpyoidc.server.user_info.UserInfo", "kwargs": {"db": {}}},
        "authentication": {
            "anon": {"acr": ACR, "class": "idpyoidc.server.user_authn.user.NoAuthn", "kwargs": {"user": "nobody"}}
        },
    }
