"""The frame: page config, sign-in, scope and language pickers, the menu. The pages guard themselves (open_page)."""

import streamlit as st

from duewatch.ui.frame import ICON, draw_frame

st.set_page_config(page_title="Duewatch", page_icon=str(ICON), layout="wide")
draw_frame().run()
