"""Runs `app.py` for AppTest from a folder with no `pages/` beside it.

AppTest resets Streamlit's "this app has a pages folder" before each run, so that, run in place, the frame would be
drawn once and every later run would show the page alone.
"""

import runpy
from pathlib import Path

runpy.run_path(str(Path(__file__).resolve().parents[2] / "app.py"), run_name="__main__")
