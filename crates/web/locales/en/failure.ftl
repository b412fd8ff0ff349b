failure-unreachable = The database does not answer
failure-unreachable-text = The database cannot be reached at the moment; nothing was written. Once it is back you can go on without signing in again. Please try again later, and tell the administrator if it lasts.
failure-past = This is the past: it can only be read
failure-past-text = Things are done today. Nothing of what was sent has been stored. Go back to today first, then act.
failure-before-the-books = There were no books on that day
failure-before-the-books-text = The day you chose lies before the first entry of the ledger. Go back to today or choose another day.
