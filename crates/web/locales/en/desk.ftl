# The review desk

desk-total = { $count } in all, by the term of the step. Look at goal, standard and the photos before and after, then go there.
desk-empty = Nothing waits here.
desk-files = { $count } files
desk-no-result = no result given
desk-no-photos = There are no photos before and after.
desk-left = { $days } working days left
desk-over = { $days } working days over
desk-over-days = { $days } days over
desk-no-term = no term
