"""What a number is: the registry of metrics, and the arithmetic that is not SQL."""
