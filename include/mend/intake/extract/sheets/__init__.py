from mend.intake.extract.sheets.stage import stage_sheet

__all__ = ["stage_sheet"]
