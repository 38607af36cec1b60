"""Peers behind one face.

`look(picture)` finds and reads plates, `read(crop)` reads one that was cut out; pictures are BGR.
What a peer finds is `Found`; time spent in finding is told by `detect_s` after each look.
"""

import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np


@dataclass
class Found:
    center: tuple[float, float]  # pixels
    text: str
    color: str | None = None


class Clocked:
    """Stands before a callable and adds up the thread's processor time spent in it."""

    def __init__(self, inner):
        self.inner, self.spent_s = inner, 0.0

    def __call__(self, *args, **kwargs):
        started = time.thread_time()
        try:
            return self.inner(*args, **kwargs)
        finally:
            self.spent_s += time.thread_time() - started

    def __getattr__(self, name):
        return getattr(self.inner, name)


def one_thread() -> None:
    """Every ONNX session of this process gets one thread, whatever the peer asks for."""
    import onnxruntime

    original = onnxruntime.InferenceSession

    def session(model, sess_options=None, **_):
        options = sess_options or onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        return original(model, sess_options=options, providers=["CPUExecutionProvider"])

    onnxruntime.InferenceSession = session
    cv2.setNumThreads(1)


class AgentClprShipped:
    name, licence = "agentclpr 1.1.0, as shipped", "Apache-2.0"
    read = None  # it has no way in for a crop

    def __init__(self):
        from agentclpr.infer import CLPSystem

        self.system = CLPSystem()
        self.system.det = Clocked(self.system.det)

    @property
    def detect_s(self):
        return self.system.det.spent_s

    def look(self, picture):
        found = []
        for points, (text, _) in self.system(picture):
            found.append(Found(tuple(np.mean(points, axis=0)), text))
        return found


class AgentClprGlued:
    """Its two networks with the glue that makes the most of them: anchors computed at once, plates
    rectified by their corners, the reader's input padded on the right to the width it was made for."""

    name, licence = "agentclpr 1.1.0 networks, better glue", "Apache-2.0"

    def __init__(self):
        import agentclpr
        import onnxruntime
        from agentclpr.infer.detector import CLPDetector

        resources = Path(agentclpr.__file__).parent / "resources"
        networks = resources / "pretrained_models"
        detector = CLPDetector(str(networks / "clp_det.onnx"))
        detector.gen_priors = lambda h, w: _priors(detector, h, w)
        self.detect = Clocked(detector)
        self.session = onnxruntime.InferenceSession(str(networks / "clp_v2_c_rec.onnx"))
        symbols = (resources / "char_dicts" / "clp_dict.txt").read_text(encoding="utf-8")
        self.symbols = ["", *symbols.split("\n")]

    @property
    def detect_s(self):
        return self.detect.spent_s

    def look(self, picture):
        found = []
        for row in self.detect(picture):
            br, bl, tl, tr = row[5:13].reshape(4, 2)
            source = np.float32([tl, tr, br, bl])
            target = np.float32([[0, 0], [136, 0], [136, 36], [0, 36]])
            crop = cv2.warpPerspective(picture, cv2.getPerspectiveTransform(source, target), (136, 36))
            found.append(Found(tuple(source.mean(0)), self.read(crop)))
        return found

    def read(self, crop):
        width = min(320, max(32, round(crop.shape[1] * 32 / crop.shape[0])))
        pixels = cv2.resize(crop, (width, 32)).astype(np.float32).transpose(2, 0, 1) / 127.5 - 1
        padded = np.zeros((1, 3, 32, 320), np.float32)
        padded[0, :, :, :width] = pixels
        best = self.session.run(None, {self.session.get_inputs()[0].name: padded})[0][0].argmax(1)
        kept = [b for a, b in pairwise([0, *best]) if b and a != b]
        return "".join(self.symbols[b] for b in kept if b < len(self.symbols))


def _priors(detector, height, width):
    """The package's anchors, in its order, without its loop over every one of them."""
    parts = []
    for step, sizes in zip(detector.steps, detector.min_sizes, strict=True):
        rows, columns, size = np.meshgrid(np.arange(-(-height // step)), np.arange(-(-width // step)), sizes, indexing="ij")
        x, y = (columns + 0.5) * step / width, (rows + 0.5) * step / height
        parts.append(np.stack([x, y, size / width, size / height], -1).reshape(-1, 4))
    return np.concatenate(parts)


class RapidOcr:
    name, licence = "rapidocr-onnxruntime 1.4.4 (PP-OCRv4)", "Apache-2.0"

    def __init__(self):
        from rapidocr_onnxruntime import RapidOCR

        self.engine = RapidOCR()
        self.engine.text_det = Clocked(self.engine.text_det)

    @property
    def detect_s(self):
        return self.engine.text_det.spent_s

    def look(self, picture):
        boxes, _ = self.engine(picture)
        return [Found(tuple(np.mean(box, axis=0)), text) for box, text, _ in boxes or []]

    def read(self, crop):
        texts, _ = self.engine(crop, use_det=False, use_cls=False)
        return texts[0][0] if texts else ""


class HyperLpr2:
    name, licence = "hyperlpr2 2.0.0, as shipped", "MIT"

    def __init__(self):
        from hyperlpr2 import PR

        self.pr = PR
        PR.detect_ssd = Clocked(PR.detect_ssd)

    @property
    def detect_s(self):
        return self.pr.detect_ssd.spent_s

    def look(self, picture):
        plates = self.pr.plate_recognition(picture)
        return [Found(((x1 + x2) / 2, (y1 + y2) / 2), text) for text, _, (x1, y1, x2, y2) in plates]

    def read(self, crop):
        return self.pr.segmentation_free_recognition(crop)[0]


# Peer's requirements file, and what stands for it.
PEERS = [("agentclpr", AgentClprGlued), ("agentclpr", AgentClprShipped), ("rapidocr", RapidOcr), ("hyperlpr2", HyperLpr2)]
