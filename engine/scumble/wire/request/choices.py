"""What options choose among where others look at it, too: places in a photograph, directions, layers."""

from __future__ import annotations

EVERYWHERE = "all"
PLACES = {  # that are found in the photograph
    "subject": "The subject",
    "background": "The background",
    "sky": "The sky",
    "ground": "All but the sky",
    "faces": "The faces",
    "rest": "All but the faces",
}
PARTS = {EVERYWHERE: "The whole picture", **PLACES}  # of a style's own picture
OPPOSITES = {"subject": "background", "sky": "ground", "faces": "rest"}
OPPOSITES.update({other: place for place, other in list(OPPOSITES.items())})
NOT_SEAMLESS = "no"
SEAMLESS = {  # what tiles: left and right, above and below
    NOT_SEAMLESS: (False, False),
    "both": (True, True),
    "across": (True, False),
    "down": (False, True),
}
STYLE_LAYERS = ("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1")
