"""The page of a new gate, as a browser would use it: over HTTPS, from the gate's own computer."""

import http.cookiejar
import json
import ssl
import urllib.error
import urllib.request

PAGE = "https://127.0.0.1"
PORT = 8443
HEALTH = "http://127.0.0.1:9180/healthz"
METRICS = "http://127.0.0.1:9180/metrics"


class Page:
    """A browser's session."""

    def __init__(self, port=PORT):
        self.address = f"{PAGE}:{port}"
        # The certificate signs itself.
        trust = ssl.create_default_context()
        trust.check_hostname = False
        trust.verify_mode = ssl.CERT_NONE
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=trust), cookies)

    def ask(self, method, path, body=None):
        """The code of the answer and what it says."""
        headers = {"X-Menjin": "1", "Origin": self.address, "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data=data, headers=headers, method=method)
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def must(self, method, path, body=None):
        code, said = self.ask(method, path, body)
        if not 200 <= code < 300:
            raise AssertionError(f"{method} {path}: {code} {said.decode('utf-8', 'replace')}")
        return json.loads(said) if said else None


def health():
    """How the gate is; nothing while nobody answers."""
    try:
        with urllib.request.urlopen(HEALTH, timeout=10) as answer:
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return json.loads(error.read())
    except OSError:
        return None


def metrics():
    """The figures of the gate; nothing while nobody answers."""
    try:
        with urllib.request.urlopen(METRICS, timeout=10) as answer:
            return answer.read().decode("utf-8")
    except OSError:
        return None
