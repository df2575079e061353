"""`python -m desk`, which `./goldenhour` calls."""

import sys

from desk.cli import main

sys.exit(main(sys.argv[1:]))
