"""The answer to a scenario for its readers: plain values (JSON) and a table for a terminal."""
