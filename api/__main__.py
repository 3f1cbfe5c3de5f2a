"""``python -m api`` is the command ``competency``."""

from api.cli import main

main()
