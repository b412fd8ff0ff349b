# Dates adopted once a calendar is published

dates-title = Dates moved by the calendar of { $year }
dates-intro = These dates were reckoned before the days off were published and are other ones now. Once adopted, the new dates hold; the first ones stay on record. Dates that a person decided are not listed.
dates-none = No date has to be adopted.
dates-adopt = Adopt
dates-moved = As reckoned then and now
dates-go = Adopt the chosen dates
dates-done = Dates of { $count } tasks adopted, each entered in the ledger.
dates-more = Look at further tasks
dates-open = Dates to be adopted
dates-tentative = to be confirmed
date-of-step = Present step
date-of-deadline = Deadline
date-of-sustain = Next sustain check
act-redated = Dates adopted
job-list = Export the list
job-stage-rows = Reading the list …
job-stage-writing = Writing the workbook …
