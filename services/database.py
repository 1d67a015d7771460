"""The only place that builds clients for Supabase: a fresh one per person and rerun, over one shared connection pool."""

from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx
from supabase import Client
from supabase.lib.client_options import SyncClientOptions

from services import settings as deployment
from services.errors import passing
from services.settings import Settings

TIMEOUT = 2.0  # seconds to connect, and again to wait for an answer; a person is looking at the page


def client(access_token: str | None = None, *, settings: Settings | None = None) -> Client:
    """A client that speaks as the owner of `access_token`, or as a visitor without one.

    Cheap (0.2 ms): build one per rerun, never keep one. The token travels as a header of this client only;
    a client kept at module level or in a cache would read as whoever signed in last.
    """
    settings = settings or deployment.load()
    options = SyncClientOptions(
        headers={"Authorization": f"Bearer {access_token or settings.publishable_key}"},
        auto_refresh_token=False,
        persist_session=False,
        postgrest_client_timeout=TIMEOUT,  # supabase-py drops this when it is given a pool; the pool says the same
        postgrest_client_retry=False,
        httpx_client=_pool,
    )
    return Client(settings.supabase_url, settings.publishable_key, options)


def _raise_what_may_pass(response: httpx.Response) -> None:
    """A status that says "later" or "sign in" leaves as that error: supabase-py would drop the status."""
    if "/rest/v1/" in response.request.url.path and (error := passing(response.status_code)):
        raise error


def pool(timeout: float = TIMEOUT) -> httpx.Client:
    """Connections without an identity: cookies would mix people, and a redirect would carry a token elsewhere."""
    return httpx.Client(
        timeout=timeout,
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
        follow_redirects=False,
        event_hooks={"response": [_raise_what_may_pass]},
    )


_pool = pool()
