failure-unreachable = The database does not answer
failure-unreachable-text = The database cannot be reached at the moment; nothing was written. Once it is back you can go on without signing in again. Please try again later, and tell the administrator if it lasts.
