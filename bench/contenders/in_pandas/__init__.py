"""The month in pandas: Arrow columns, numbers for ids, one sort by customer and time, NumPy on sorted arrays."""
