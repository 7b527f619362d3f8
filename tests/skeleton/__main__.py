"""Writes a new lesson into this project, runs it, and puts it on the README's list."""

import asyncio
import sys

from tests import readme, skeleton
from tests.notebooks import ROOT, run

try:
    lesson, solutions, *_ = skeleton.write(sys.argv[1], ROOT)
except ValueError as error:
    sys.exit(str(error))
failure = asyncio.run(run.main([lesson, solutions]))
readme.update(ROOT)
sys.exit(failure)
