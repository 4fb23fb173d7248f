"""Importing contacts: one pipeline for the wizard, the command line and campaign lists.

What the review shows is exactly what happens, every row of the file is accounted for. The stages, in order:

1. `read`    bytes → encoding, delimiter, header, rows with their line numbers; strict and bounded
2. `map`     header → identifier, name, reference, e-mail, labels, custom fields
3. `check`   row → cleaned values and problems; pure, no query
4. `stage`   rows in bulk into ImportRow: duplicates, matches in the channel (`match`), outcome, old → new (`plan`)
5. `review`  counts, pages, `groups` of equal problems; `revise`: correct, mend (`repairs`), remove and restore rows
6. `commit`  the staged plan → contacts, chunk by chunk
7. `report`  the ledger, counted by the database

`run` and `work` take an import through its stages, `undo` takes it back. `forms` and `column_forms` are what people
choose on the way, `settings`, `target` and `recipes` hold what they chose, `sample` shows them the first lines.
`refusals` and `problems` hold the sentences, `bulk` the SQL of the two engines; `uncollected` keeps the garbage
collector out of a chunk.
"""
