"""The compliance monitor: the law as data (`rules/`), and verdicts over the contact log."""
