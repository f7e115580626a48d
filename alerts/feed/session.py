"""Who may see the feed: the one-time token opens a session, a signed cookie carries it."""

import hashlib
import hmac
import secrets
import threading

COOKIE = "markwatch"
HOURS = 12


class Door:
    """One token, used once; sessions live as long as this process, and so do their secrets."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self.token: str | None = secrets.token_urlsafe(24)

    def enter(self, token: str) -> str | None:
        """The session cookie for the right token, the first time it is shown."""
        with self._lock:
            if self.token is None or not hmac.compare_digest(self.token.encode(), token.encode()):
                return None
            self.token = None
        name = secrets.token_urlsafe(16)
        return f"{name}.{self._sign('session', name)}"

    def knows(self, cookie: str | None) -> bool:
        name, _, signature = (cookie or "").partition(".")
        return hmac.compare_digest(self._sign("session", name).encode(), signature.encode())

    def form_token(self, cookie: str) -> str:
        """What a form of this session must send back."""
        return self._sign("form", cookie)

    def _sign(self, purpose: str, text: str) -> str:
        return hmac.new(self._secret, f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()
