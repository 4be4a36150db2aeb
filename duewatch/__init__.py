"""Duewatch watches what is due and due process: the overdue book and how debtors were contacted."""

__version__ = "0.1.0"
