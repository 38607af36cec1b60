#!/usr/bin/env python3
"""An object store for tests: moto's S3, behind what a real store checks and what real networks do.

  s3_server.py     prints its port, on 127.0.0.1, and serves until its input is closed

The bucket is `backups`, the account `gate` with the key `hush`. A request whose signature (AWS Signature 4 in the
query) or Content-MD5 is wrong is refused, which moto would not do. Tests ask for faults of their own folder:

  POST /_test/FOLDER?puts=3        after three more objects, connections of this folder break off
  POST /_test/FOLDER?gets=3        the same after three more were asked for
  POST /_test/FOLDER?clock=3600    for this folder the store's clock is an hour ahead
  POST /_test/FOLDER?change=files/ one byte of the first object whose name begins so is another one
  POST /_test/FOLDER?swap=files/   the first two of them stand for each other
  POST /_test/FOLDER?add=NAME      somebody else puts something there
  POST /_test/FOLDER?holds=HEX     tells in how many objects these bytes stand
  POST /_test/FOLDER               all is well again; answers how many objects were put since the last time, and all names
"""

import base64
import hashlib
import hmac
import io
import json
import os
import socket
import sys
import threading
import time
from email.utils import formatdate
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, quote, unquote, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / ".runtime" / "python"))
# Signed by nobody: moto's own account is never asked.
os.environ.update(AWS_ACCESS_KEY_ID="none", AWS_SECRET_ACCESS_KEY="none", AWS_DEFAULT_REGION="us-east-1")

import boto3
from moto import mock_aws
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

ACCOUNT, KEY, BUCKET = "gate", b"hush", "backups"
# Real stores allow 15 minutes.
APART_S = 900


class Fault:
    """What happens to a folder."""

    def __init__(self) -> None:
        self.left: dict[str, int] = {}
        self.clock_s = 0
        self.puts = 0


def digest(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def signature(method: str, target: str, environ: dict, query: dict[str, str]) -> str:
    """The signature that this request should have."""
    parts = urlsplit(target)
    pairs = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k != "X-Amz-Signature"]
    pairs = sorted((quote(k, safe="-_.~"), quote(v, safe="-_.~")) for k, v in pairs)
    names = query["X-Amz-SignedHeaders"].split(";")
    headers = "".join(f"{n}:{environ.get('HTTP_' + n.upper().replace('-', '_'), '').strip()}\n" for n in names)
    canonical = "\n".join(
        [
            method,
            quote(unquote(parts.path), safe="/-_.~"),
            "&".join(f"{k}={v}" for k, v in pairs),
            headers,
            ";".join(names),
            "UNSIGNED-PAYLOAD",
        ]
    )
    _, day, region, service, end = query["X-Amz-Credential"].split("/")
    key = b"AWS4" + KEY
    for part in (day, region, service, end):
        key = digest(key, part)
    scope = f"{day}/{region}/{service}/{end}"
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    return digest(key, "\n".join(["AWS4-HMAC-SHA256", query["X-Amz-Date"], scope, hashed])).hex()


class Store:
    """Checks, breaks off, or lets moto answer."""

    def __init__(self, moto, s3) -> None:
        self.moto, self.s3 = moto, s3
        self.faults: dict[str, Fault] = {}

    def __call__(self, environ: dict, start):
        target, method = environ["RAW_URI"], environ["REQUEST_METHOD"]
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        names = unquote(parts.path).split("/")
        if names[1] == "_test":
            return self.order(names[2], parse_qs(parts.query), start)
        folder = names[2] if len(names) > 2 and names[2] else query.get("prefix", "").split("/")[0]
        fault = self.faults.setdefault(folder, Fault())
        if any(left <= 0 for left in fault.left.values()):
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            return [b""]
        now = time.time() + fault.clock_s
        code = self.wrong(method, target, environ, query, now)
        if code:
            start("403 Forbidden", [("Date", formatdate(now, usegmt=True)), ("Content-Type", "application/xml")])
            return [f"<Error><Code>{code}</Code></Error>".encode()]
        if method == "PUT":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            environ["wsgi.input"] = io.BytesIO(body)
            if environ.get("HTTP_CONTENT_MD5") != base64.b64encode(hashlib.md5(body).digest()).decode():
                start("400 Bad Request", [])
                return [b"<Error><Code>BadDigest</Code></Error>"]
            fault.puts += 1
        if method in fault.left:
            fault.left[method] -= 1
        return self.moto(environ, start)

    def wrong(self, method: str, target: str, environ: dict, query: dict[str, str], now: float) -> str:
        """The store's word for why it refuses; empty where it does not."""
        if query.get("X-Amz-Credential", "").split("/")[0] != ACCOUNT:
            return "InvalidAccessKeyId"
        signed_at = time.mktime(time.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ")) - time.timezone
        if abs(now - signed_at) > APART_S:
            return "RequestTimeTooSkewed"
        return "" if query["X-Amz-Signature"] == signature(method, target, environ, query) else "SignatureDoesNotMatch"

    def order(self, folder: str, asked: dict[str, list[str]], start):
        fault = self.faults.setdefault(folder, Fault())
        puts, fault.puts = fault.puts, 0
        fault.clock_s = int(asked.get("clock", ["0"])[0])
        methods = {"PUT": "puts", "GET": "gets"}
        fault.left = {method: int(asked[name][0]) for method, name in methods.items() if name in asked}
        for begin in asked.get("change", []):
            name, content = self.objects(f"{folder}/{begin}")[0]
            content[len(content) // 2] ^= 1
            self.s3.put_object(Bucket=BUCKET, Key=name, Body=bytes(content))
        for begin in asked.get("swap", []):
            (one, of_one), (other, of_other) = self.objects(f"{folder}/{begin}")[:2]
            self.s3.put_object(Bucket=BUCKET, Key=one, Body=bytes(of_other))
            self.s3.put_object(Bucket=BUCKET, Key=other, Body=bytes(of_one))
        for name in asked.get("add", []):
            self.s3.put_object(Bucket=BUCKET, Key=f"{folder}/{name}", Body=b"somebody else's")
        objects = self.objects(f"{folder}/")
        wanted = [bytes.fromhex(text) for text in asked.get("holds", [])]
        holding = sum(any(text in content for text in wanted) for _, content in objects)
        told = {"puts": puts, "holding": holding, "names": [name for name, _ in objects]}
        text = json.dumps(told).encode()
        start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(text)))])
        return [text]

    def objects(self, begin: str) -> list[tuple[str, bytearray]]:
        listed = self.s3.list_objects_v2(Bucket=BUCKET, Prefix=begin).get("Contents", [])
        get = lambda name: bytearray(self.s3.get_object(Bucket=BUCKET, Key=name)["Body"].read())
        return [(entry["Key"], get(entry["Key"])) for entry in listed]


class Handler(WSGIRequestHandler):
    """werkzeug's own, whose answers have the clock of the store."""

    def send_response(self, code: int, message: str | None = None) -> None:
        self.send_response_only(code, message)

    def log(self, *_: object) -> None:
        pass


def main() -> None:
    with mock_aws():
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket=BUCKET)
        store = Store(DomainDispatcherApplication(create_backend_app), s3)
        server = make_server("127.0.0.1", 0, store, threaded=True, request_handler=Handler)
        print(server.server_port, flush=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        # Whoever started it has ended.
        sys.stdin.read()


if __name__ == "__main__":
    main()
