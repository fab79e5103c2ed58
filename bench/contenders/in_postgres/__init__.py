"""The month in PostgreSQL: unlogged tables, window functions, anti-joins, an array per contact unnested into its
hits.
"""
