"""Every table and column of Mend, described once: the lake, the parse rules, the data dictionary and the simulator read
it here.
"""

from mend.foundation.schema.model import CODES, RECORDS, TABLES, Column, Record, Table

__all__ = ["CODES", "RECORDS", "TABLES", "Column", "Record", "Table"]
