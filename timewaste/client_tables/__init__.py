"""The client's own tables: files that `[[table]]` blocks name -> tables of the study that a query can join.

`reading` knows files, `naming` headers, `kinds` what a text means, `people` whose name a cell holds, `checking` what a
table promises. `taking` ties them and keeps the book. A table is whole or it is left out: nothing is set aside by row.
"""
