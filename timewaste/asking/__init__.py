"""Answer a question in SQL within limits: a process of its own reads the study, this one watches over it.

`watching` is our side: it starts the process, ends it when time is up, and hands on what comes back. `answering` is the
other side: it opens the study behind a `fence` and writes the rows. They talk in `frames`.
"""
