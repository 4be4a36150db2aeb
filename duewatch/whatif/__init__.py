"""The what-if room: scenarios beside today, each answer on the strongest rung that the data supports."""
