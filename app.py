"""The frame: page config, sign-in, scope and language pickers, the menu. The pages guard themselves (open_page)."""

import streamlit as st

from duewatch.contract.errors import QueryTooSlowError
from duewatch.contract.i18n import words_in
from duewatch.contract.localised_errors import localised_sentence
from duewatch.ui.shell.frame import ICON, draw_frame, language

st.set_page_config(page_title="Duewatch", page_icon=str(ICON), layout="wide")
page = draw_frame()
try:
    page.run()
except QueryTooSlowError as error:
    st.error(localised_sentence(words_in(language()), error), icon=":material/timer_off:")
