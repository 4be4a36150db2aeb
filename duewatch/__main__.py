"""`python -m duewatch`."""

from duewatch.cli import main

if __name__ == "__main__":
    main()
