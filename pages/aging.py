from duewatch.ui.frame import open_page

ctx = open_page("aging")
