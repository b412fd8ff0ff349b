# Overview: district dashboard, town page, wall, monthly review, and the titles of charts. Titles state findings.
room-overview = Overview
chart-csv = Table as CSV
chart-table = Table
chart-month = Month
chart-month-short = { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
  }
chart-january = Jan { $year }
chart-came = New
chart-closed = Signed off
chart-not-late = Not overdue
chart-trend-note = The last 12 months by the day of registration and of sign-off; this month still runs.
chart-ages-note = Open and past the deadline, by days past.
chart-ages-head = Progress
chart-towns-note = Open tasks by place, the overdue first.
chart-boards-note = Scores of published monthly boards, in their newest revision.
finding-this-month = This month
finding-district = { $open } open, { $late ->
    [0] none overdue
   *[other] { $late } overdue{ $long ->
        [0] {""}
       *[other] , { $long } of them by more than 30 days
    }
  }
finding-town = { $town }: { $open } open, { $late ->
    [0] none overdue
   *[other] { $late } overdue{ $long ->
        [0] {""}
       *[other] , { $long } of them by more than 30 days
    }
  }
finding-closed = { $when }: { $now ->
    [0] nothing signed off
   *[other] { $now } signed off
  }{ $way ->
    [more] , { $by } more than the month before
    [less] , { $by } fewer than the month before
    [same] , as many as the month before
    [running] {" "}({ $before } in all of the month before)
   *[first] {""}
  }
finding-ages = { $late ->
    [0] Nothing is overdue
   *[other] { $late } overdue{ $long ->
        [0] , all within 30 days
       *[other] , { $long } of them by more than 30 days
    }
  }
finding-towns = { $how ->
    [none] No town has anything overdue
    [one] { $names } has most overdue: { $most }
    [some] { $names } share the most overdue: { $most } each
   *[many] { $tied } towns share the most overdue: { $most } each
  }
finding-board = { $period }: rank { $rank } of { $of }{ $way ->
    [more] , { $by } lower than the period before
    [less] , { $by } higher than the period before
    [same] , as the period before
   *[first] {""}
  }
finding-board-unrated = { $period }: not ranked
finding-board-none = No board has been published yet
overview-own = Our town
overview-own-scope = Only what this unit has to do with.
overview-loop = Where in the loop
overview-came-year = New this year
overview-closed-year = Signed off this year
overview-kept = Finished on time this year (of { $of })
overview-not-kept = Finished late this year
overview-sustained = To be kept up
overview-long = Over 30 days
overview-source = Source
overview-towns-note = Most overdue first; the small line shows sign-offs of the last 12 months.
overview-spark = { $town }, sign-offs of the last 12 months:
overview-spark-head = Sign-offs
overview-open = Open tasks
overview-open-none = Nothing is open.
overview-dates = Dates ahead
overview-dates-none = Nothing falls due within 45 days.
overview-keep = Look-backs and what is kept up
overview-keep-none = Nothing has to be kept up.
overview-on = Date
overview-what = What
overview-milestone = Milestone
overview-measures-none = No measures.
overview-findings-none = No findings.
room-wall = Wall
finding-listed = { $count ->
    [0] Nothing is listed
   *[other] { $count } under listed supervision
  }
finding-late = { $count ->
    [0] Nothing is overdue
   *[other] { $count } overdue, the longest by { $days } days
  }
wall-as-of = As of
wall-stale = No longer refreshed
wall-demo = invented data
wall-leave = Leave the wall
wall-numbers = What matters most
wall-listed = Listed
wall-due = Due within 7 days
wall-closed = Signed off this month
wall-late-none = Everything is within its deadline.
wall-listed-none = Nothing is under listed supervision.
wall-days = { $days } days overdue
wall-answer-by = { $state }, answer by { $on }
wall-key-long = ■ overdue by over 30 days
wall-key-late = ▲ overdue
wall-key-calm = ✓ none overdue
wall-key-numbers = figures: overdue/open
room-review = Monthly review
review-title = { $area }: rectification in { $when }
review-as-of = Counted from the books at the end of { $on }; it does not change any more. Figures lead to the lists of then.
review-running = The month still runs; counted from the books up to { $on }.
review-summary = In short
review-stop = .{" "}
review-go = Show
review-reopened = Opened again
review-gentle = Reminders, cards, letters
review-grave = Interviews, listings and above
review-note-closed = Each month from the books at its end, by the day of registration and of sign-off.
review-note-open = Open at the ends of months.
review-note-overdue = Past the deadline and unfinished at the ends of months.
review-note-kept = Finished in the month, with a deadline; by the deadline in force then.
review-note-stations = Open at the month's end, by where they stood in the loop.
review-note-pressure = Openings after the ledger, measures by the day of decision; withdrawn and declined ones do not count.
finding-month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
  }
finding-month-year = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
  } { $year }
finding-month-end = End of { $when }
finding-now = Now
finding-open = { $when }: { $now ->
    [0] nothing open
   *[other] { $now } open
  }{ $way ->
    [more] , { $by } more than a month before
    [less] , { $by } fewer than a month before
    [same] , as many as a month before
   *[first] {""}
  }
finding-overdue = { $when }: { $now ->
    [0] none overdue
   *[other] { $now } overdue
  }{ $way ->
    [more] , { $by } more than a month before
    [less] , { $by } fewer than a month before
    [same] , as many as a month before
   *[first] {""}
  }
finding-kept = { $finished ->
    [0] { $when }: nothing with a deadline was finished
   *[other] { $when }: { $finished } finished, { $kept } on time ({ $share }%){ $way ->
        [more] , { $by } points better than the month before
        [less] , { $by } points worse than the month before
        [same] , as the month before
       *[first] {""}
    }
  }
finding-stations = { $how ->
    [none] Nothing is open
    [one] Most stand at “{ $names }”: { $most }
    [some] Most stand at “{ $names }”: { $most } each
   *[many] { $tied } stages share the most: { $most } each
  }
finding-pressure = { $when }: { $reopened ->
    [0] nothing opened again
   *[other] { $reopened } opened again
  }, { $taken ->
    [0] no measures taken
   *[other] { $taken } measures taken{ $grave ->
        [0] {""}
       *[other] , { $grave } of them interviews, listings or above
    }
  }
