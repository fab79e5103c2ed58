"""The month in pandas: one sort by customer and time, shifts on NumPy arrays, merge_asof, groupby."""
