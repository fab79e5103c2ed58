"""The month in Polars: lazy scans, one sort by customer and time, shifts, forward fills and as-of joins."""
