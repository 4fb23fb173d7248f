"""One verb on many contacts, with undo for each.

`verb` is what a verb is made of; `labels`, `favorites`, `opt_outs`, `blocks` and `trash` are ours, and `verbs` knows
them all, those of higher apps too. `insert` makes a row for each of many contacts. `run` carries an action out and
undoes it, chunk by chunk: contacts, history, outcome of each contact and cursor are written in one short transaction,
so after any crash the next worker goes on behind the cursor.
"""
