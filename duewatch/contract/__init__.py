"""What everybody may import: tables, settings, scope, errors, words."""
