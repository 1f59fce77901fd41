"""Cut a font down to the letters of one script: `subset.py latin|cyrillic source.woff2 target.woff2`."""

from __future__ import annotations

import logging
import sys

from fontTools.subset import main as subset  # type: ignore[import-untyped]

LETTERS = {
    # With the accents of Turkish, Polish and Romanian, capital ß, dashes, quotation marks, euro, arrows.
    "latin": "20-7E A0-17F 218-21B 1E9E 2010-2015 2018-201E 2022 2026 2039 203A 20AC 2190-2193 2212",
    # Russian, Ukrainian, Belarusian and Bulgarian, and the sign for "number"; as the sheet's unicode-range.
    "cyrillic": "401 404 406-407 40E 410-44F 451 454 456-457 45E 490-491 2116",
}

logging.disable(logging.WARNING)
subset(
    [
        sys.argv[2],
        f"--output-file={sys.argv[3]}",
        f"--unicodes={LETTERS[sys.argv[1]].replace(' ', ',')}",
        "--flavor=woff2",
        "--layout-features=kern,liga,locl,ccmp,mark,mkmk,tnum",
        "--no-hinting",
        "--desubroutinize",
        "--name-IDs=0,1,2,13,14",  # the notice of the Open Font License stays in the file
    ]
)
