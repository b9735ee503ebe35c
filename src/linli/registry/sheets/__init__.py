"""The registry as sheets of a workbook: taken in, compared, put in force, written out."""
