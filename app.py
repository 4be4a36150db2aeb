"""The frame: page config, sign-in, scope and language pickers, the menu. The pages guard themselves (open_page)."""

import streamlit as st

from duewatch.errors import QueryTooSlowError
from duewatch.refusals import sentence_in
from duewatch.ui.frame import ICON, draw_frame, language
from duewatch.ui.words import words_in

st.set_page_config(page_title="Duewatch", page_icon=str(ICON), layout="wide")
page = draw_frame()
try:
    page.run()
except QueryTooSlowError as error:
    st.error(sentence_in(words_in(language()), error), icon=":material/timer_off:")
