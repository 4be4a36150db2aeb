"""What several pages are made of: tile, table, figure, drill-down."""
