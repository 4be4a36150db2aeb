"""Load data: what do my files say, and may they become the book?"""

from duewatch.ui.load_data import sections
from duewatch.ui.shell.frame import open_page_to_load

words = open_page_to_load("load_data")
upload = sections.files(words)
if upload is not None:
    text = sections.mapping(words, upload)
    if sections.first_look(words, upload, text):
        report = sections.checked(words, upload, text)
        sections.load(words, upload, report)
