"""The three forms of an instance on disk: a folder of CSV tables, a workbook, one JSON document."""
