"""Tickets of the city platform and the hotline: files in, rows checked, reports made of them.

`sheet` reads a workbook or CSV, `cells` what one cell means, `columns` which column is which,
`reading` checks the rows, `taking` makes reports of the good ones, `template` writes the empty
sheet to fill in. Nothing is typed twice, and the same file twice changes nothing.
"""
