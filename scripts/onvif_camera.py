#!/usr/bin/env python3
"""An ONVIF camera for tests: the services and the discovery of ipycam, without its pictures.

  onvif_camera.py [--stream rtsp://127.0.0.1:PORT/NAME]     the stream that it names as its own

Prints the port of its HTTP server and the UDP port of its discovery, both on 127.0.0.1, and serves until it is
stopped. ipycam draws its pictures with OpenCV, which nothing here needs: its modules are loaded one by one.
"""

import argparse
import http.server
import importlib
import sys
import types
import urllib.parse
from pathlib import Path

PACKAGES = Path(__file__).resolve().parent.parent / ".runtime" / "python"
sys.path.insert(0, str(PACKAGES))


def load(*names: str) -> list[types.ModuleType]:
    """The modules of ipycam of these names, without running the package's own first lines."""
    package = types.ModuleType("ipycam")
    package.__path__ = [str(PACKAGES / "ipycam")]
    sys.modules["ipycam"] = package
    return [importlib.import_module(f"ipycam.{name}") for name in names]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stream", type=urllib.parse.urlsplit)
    stream = parser.parse_args().stream
    config_module, onvif, discovery, handler_module = load("config", "onvif", "discovery", "http")
    config = config_module.CameraConfig(name="Gate", local_ip="127.0.0.1", username="admin", password="secret")
    if stream:
        config.rtsp_port, config.main_stream_name = stream.port, stream.path.lstrip("/")

    class Handler(handler_module.IPCameraHTTPHandler):
        """ipycam's own, quiet."""

        def log_message(self, *_: object) -> None:
            pass

    class Discovery(discovery.WSDiscoveryServer):
        """ipycam's own, on a port of its choice."""

        MULTICAST_PORT = 0

        def _send_announcement(self, action: str) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    config.onvif_port = server.server_address[1]
    service = onvif.ONVIFService(config)
    Handler.camera = types.SimpleNamespace(config=config, onvif=service)
    found = Discovery(service)
    found.start()
    print(config.onvif_port, found.sock.getsockname()[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
