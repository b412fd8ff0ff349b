# Exports

export-list = Tasks
export-list-title = { $area }: tasks on { $day }
export-due-first = First deadline
export-as-excel = Export to Excel
export-own-columns = Export in the sender’s columns
export-dossier = Download the dossier
export-form = Sign-off form
failure-unwritable = The file could not be written
failure-unwritable-text = Nothing was exported. This is why.
