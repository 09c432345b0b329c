"""Tokens of Microsoft and Google for those who send through them (OAuth 2, by Authlib).

A team registers kamxl as an application of its own with its provider; we ship nobody's. What lasts
is kept in the system's keyring alone; a token that opens the mail server lives in memory.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from kamxl.errors import MailError
from kamxl.mail.connecting import plain

CLIENT_ID, CLIENT_SECRET = "KAMXL_OAUTH_CLIENT_ID", "KAMXL_OAUTH_CLIENT_SECRET"
TENANT = "KAMXL_OAUTH_TENANT"
_TENANT = re.compile(r"[A-Za-z0-9.-]{1,100}")
_TIMEOUT = 30.0  # seconds for an answer
_EARLY = 120.0  # seconds before its end from which on a token is not begun with


@dataclass(frozen=True, slots=True)
class Provider:
    """Who gives tokens: where people log in, where tokens come from, and for what.

    "{tenant}" in an address is the organisation. ``back`` is the name by which the browser comes
    back to this computer, as the provider wants it.
    """

    name: str
    authorize: str
    token: str
    scope: str
    back: str
    extra: Mapping[str, str] = field(default_factory=dict)


_MICROSOFT = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0"
MICROSOFT = Provider(
    "Microsoft",
    f"{_MICROSOFT}/authorize",
    f"{_MICROSOFT}/token",
    "https://outlook.office.com/SMTP.Send offline_access",
    "localhost",
)
GOOGLE = Provider(
    "Google",
    "https://accounts.google.com/o/oauth2/v2/auth",
    "https://oauth2.googleapis.com/token",
    "https://mail.google.com/",
    "127.0.0.1",
    {"access_type": "offline", "prompt": "consent"},
)
_HOSTS = {
    "smtp.office365.com": MICROSOFT,
    "smtp-mail.outlook.com": MICROSOFT,
    "smtp.gmail.com": GOOGLE,
    "smtp.googlemail.com": GOOGLE,
}


def provider_of(host: str) -> Provider | None:
    """The provider whose mail server this is."""
    return _HOSTS.get(host.casefold().rstrip("."))


@dataclass(frozen=True, slots=True)
class Login:
    """What the keyring keeps of a login: the team's application, and what brings new tokens."""

    client_id: str
    client_secret: str = field(default="", repr=False)
    tenant: str = ""
    refresh_token: str = field(default="", repr=False)

    def text(self) -> str:
        """As the keyring takes it."""
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, text: str) -> Login | None:
        """What ``text`` wrote; None: it is not whole."""
        try:
            found = json.loads(text)
            login = cls(**{name: str(found[name]) for name in cls.__dataclass_fields__})
        except (ValueError, TypeError, LookupError):
            return None
        return login if login.client_id and login.refresh_token else None


def registered(environ: Mapping[str, str]) -> Login:
    """The team's own application, from the environment (MailError: none, or none that can be)."""
    client_id = environ.get(CLIENT_ID, "").strip()
    if not client_id:
        raise MailError("login-unregistered", variable=CLIENT_ID)
    tenant = environ.get(TENANT, "").strip() or "common"
    if not _TENANT.fullmatch(tenant):
        raise MailError("login-tenant", value=tenant, variable=TENANT)
    return Login(client_id, environ.get(CLIENT_SECRET, "").strip(), tenant)


class ProviderTokens:
    """Tokens from a provider; ``keep`` gets the login again whenever the provider renews it."""

    def __init__(
        self,
        provider: Provider,
        login: Login,
        keep: Callable[[Login], None],
        *,
        clock: Callable[[], float] = time.monotonic,
        verify: bool | str = True,
    ) -> None:
        self._provider, self._login, self._keep = provider, login, keep
        self._clock, self._verify = clock, verify
        self._token, self._until = "", 0.0

    def token(self, *, fresh: bool = False) -> str:
        """The token of this run, or a new one (MailError: the provider gives none)."""
        if fresh or not self._token or self._clock() >= self._until:
            session = new_session(self._provider, self._login)
            found = answered(
                self._provider,
                self._login,
                lambda: session.refresh_token(
                    self._provider.token.format(tenant=self._login.tenant),
                    refresh_token=self._login.refresh_token,
                    verify=self._verify,
                    allow_redirects=False,
                ),
            )
            self._token = found["access_token"]
            self._until = self._clock() + _seconds(found) - _EARLY
            self._renew(str(found.get("refresh_token") or ""))
        return self._token

    def _renew(self, refresh_token: str) -> None:
        if refresh_token and refresh_token != self._login.refresh_token:
            self._login = replace(self._login, refresh_token=refresh_token)
            self._keep(self._login)


def new_session(provider: Provider, login: Login, **options: Any) -> Any:
    """A session of Authlib's (MailError: it is not installed)."""
    try:
        from authlib.integrations.requests_client import OAuth2Session
    except ImportError:
        raise MailError("login-part-missing", provider=provider.name) from None
    return OAuth2Session(
        login.client_id,
        login.client_secret or None,
        scope=provider.scope,
        token_endpoint_auth_method="client_secret_post" if login.client_secret else "none",
        default_timeout=_TIMEOUT,
        **options,
    )


def answered(provider: Provider, login: Login, ask: Callable[[], Any]) -> dict[str, Any]:
    """What a provider answers to being asked for a token (MailError: no, or nothing)."""
    from authlib.common.errors import AuthlibBaseError
    from requests import RequestException

    try:
        found = ask()
    except AuthlibBaseError as problem:
        told = plain(f"{problem.error or ''} {problem.description or ''}")
        for secret in (login.refresh_token, login.client_secret):
            told = told.replace(secret, "…") if secret else told
        raise MailError("login-not-accepted", provider=provider.name, told=told) from None
    except (RequestException, ValueError) as problem:
        raise MailError(
            "login-unreachable", provider=provider.name, kind=type(problem).__name__
        ) from None
    if not isinstance(found, dict) or not isinstance(found.get("access_token"), str):
        raise MailError("login-no-token", provider=provider.name)
    return found


def _seconds(found: Mapping[str, Any]) -> float:
    try:
        return float(found.get("expires_in") or 0)
    except (TypeError, ValueError):
        return 0.0
