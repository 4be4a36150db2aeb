"""Streamlit's server with the cache warmer beside it: `python -m duewatch run` starts this module."""

import os
import sys

from streamlit.web.cli import main

from duewatch.ui.shell.cache_warmer import start

if __name__ == "__main__":
    if os.environ.get("DUEWATCH_PREPARE") == "1":
        start()
    sys.exit(main(prog_name="streamlit"))
