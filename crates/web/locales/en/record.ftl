# The ledger, the audit, notices, sustained measures, the procedure, the calendar, and long work

job-verify = Verify the books
job-export = Export the ledger
job-intake = Reading a document
job-stage-reading = Reading the document …
job-stage-comparing = Comparing with the list …
job-stage-keeping = Keeping it for review …
job-waiting = Waiting to begin…
job-stage-database = Checking the database file…
job-stage-chain = Checking the ledger, entry by entry…
job-stage-tables = Checking what the pages show, row by row…
job-stage-evidence = Checking the evidence, file by file…
job-stage-checkpoint = Signing a checkpoint…
job-cancel = Stop
job-cancelled = Stopped as you asked; there is no result.
job-may-leave = You can leave this page, the work goes on; it is refreshed every two seconds.
job-file-ready = The package is ready.
job-download = Download
job-result = See the result
job-back = Back to:

ledger-verify = Verify the books
ledger-export = Export the ledger
ledger-key = Key and verification
ledger-size = Ledger
ledger-entries = { $count } entries
ledger-head = Newest hash
ledger-root = Root at the checkpoint
ledger-checkpoint-last = Last signed checkpoint
ledger-checkpoint-of = covers the first { $size } entries, signed { $at }
ledger-checkpoint-after = { $count } more wait for the next one
ledger-checkpoint-none = None was signed yet
ledger-note = The checkpoint as signed
ledger-how = How somebody outside verifies
ledger-how-1 = Get this public key in a way you trust (in person or on paper), and keep every checkpoint you are given outside this system.
ledger-how-2 = Ask for an export of the ledger and check it with the verify.py that comes with the program, or with one of your own after the published format: the entries form one chain, the roots agree with the checkpoints, the evidence agrees with its hashes.
ledger-how-3 = If it agrees with the checkpoints you kept, nothing before them was changed; if not, the first bad place is named, and export and checkpoint together are the evidence.
ledger-how-limits = The ledger proves that a record was not changed after it was written, not that it was true when it was written; for that others verify, look back and may object.
ledger-key-public = Public verifier key
ledger-key-id = Key id { $id }; compare it with the one you have on paper.
ledger-about = About
ledger-what = Act
ledger-who = By
ledger-subject-hint = number, such as AL-2026-00315-1
ledger-person-hint = name
ledger-day = Day
ledger-at = Time
ledger-position = No.
ledger-hash = Hash
ledger-prev = Hash of the entry before
ledger-hashes = Hashes and text
ledger-canonical = Canonical text
ledger-canonical-hint = The hash is computed over exactly these bytes.
ledger-empty = No entry fits.
ledger-filtered = Filtered lists hold only entries that your post may read.
ledger-veiled = Not within the reach of your post
ledger-veiled-long = What this entry says is not within the reach of your post. Position, time and hash are for everybody, so that anybody can check that the ledger is whole.
ledger-entry = Ledger entry { $sequence }
ledger-before = Entry before
ledger-after = Entry after
ledger-sentence = { $at }, { $person } ({ $post }): { $what }
ledger-proof = Proof of inclusion
ledger-proof-holds = The proof holds
ledger-proof-broken = The proof does not hold
ledger-proof-of = This entry stands in the checkpoint signed { $at } over { $size } entries.
ledger-proof-path = Path of the proof ({ $count } hashes)
ledger-proof-later = No checkpoint was signed since this entry; please look again later.
ledger-export-what = The package is one ZIP file with every entry, the signed checkpoints, the public key and the evidence, in a published format that verify.py checks independently.
ledger-export-care = The package holds all contents and photos. Keep it as the rules demand and do not send it over the internet. The export is noted in the audit.
ledger-kind-task = Work on tasks
ledger-kind-problem = Problems
ledger-kind-source = Sources
ledger-kind-intake = Documents read in
ledger-kind-office = Units and posts
ledger-kind-setting = Settings
ledger-kind-account = Accounts
ledger-kind-area = Books opened
subject-area = The area
subject-problem = Problem { $id }
subject-source = Source { $id }
pager-newest = Newest
pager-older = Older

audit-intro = Sign-ins, refused acts, evidence that was read, verifications and exports leave a line here; nothing in this system changes or deletes one.
audit-empty = No line fits.
audit-outcome = Outcome
audit-address = Network address
audit-nobody = Not signed in
audit-who = Person
audit-refused = Tried “{ $verb }”
audit-what-sign-in = Sign-in
audit-what-read-evidence = Read evidence
audit-what-verify-ledger = Verified the books
audit-what-export-ledger = Exported the ledger
audit-outcome-right = Succeeded
audit-outcome-wrong = Failed
audit-outcome-resting = Locked
audit-outcome-sent = Sent
audit-outcome-fits = Everything fits
audit-outcome-bad = Something does not fit
audit-outcome-cancelled = Stopped
audit-outcome-packed = Packed
audit-outcome-refusal-not-now = Refused: not open in this state
audit-outcome-refusal-not-yours = Refused: another post's step
audit-outcome-refusal-same-hands = Refused: the same person twice
audit-outcome-refusal-same-unit = Refused: the same unit twice
audit-outcome-refusal-stale = Refused: somebody was faster

notices-title = Notice board
shelf-running = Running
shelf-over = Over, to be closed
shelf-objected = Objected to
shelf-closed = Closed
shelf-running-none = No notice is running.
shelf-over-none = No notice waits to be closed.
shelf-objected-none = Nobody has objected to a notice.
shelf-closed-none = No notice was closed yet.
notice-days = Days
notice-contact = Objections to
notice-left = { $days ->
    [0] ends today
    [one] { $days } day left
   *[other] { $days } days left
}
notice-over = { $days ->
    [one] over for { $days } day
   *[other] over for { $days } days
}
notice-closed-on = closed { $day }
notice-objections = { $count ->
    [one] { $count } objection
   *[other] { $count } objections
}

sustain-title = Measures to be kept up
sustain-all = All { $count }
sustain-owed = Check is due { $count }
sustain-none = No task has to be kept up.
sustain-next = Next check
sustain-last = Last results
sustain-unchecked = Not checked yet
sustain-left = { $days ->
    [0] today
    [one] in { $days } day
   *[other] in { $days } days
}
sustain-over = { $days ->
    [one] { $days } day late
   *[other] { $days } days late
}

procedure-chosen = In use
procedure-chosen-now = This procedure is chosen; sources registered from now on follow it.
procedure-choose = Use it for new sources
procedure-others = Procedures to choose from
procedure-keeps = A change is for sources registered from then on; tasks under way keep the procedure they began with.
procedure-differences = { $count ->
    [one] { $count } difference from the one in use
   *[other] { $count } differences from the one in use
}
procedure-here = in use:
procedure-sources = Based on
procedure-valid-from = Applies from { $from }
procedure-valid-until = Applies from { $from } to { $until }
length-working-days = { $count ->
    [one] { $count } working day
   *[other] { $count } working days
}
length-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
length-months = { $count ->
    [one] { $count } month
   *[other] { $count } months
}
length-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
length-keeps = (not moved off days off)
rules-yes = yes
rules-no = no
rules-none = none
rules-terms = Terms
rules-term-assign = Assignment after registration
rules-term-object = Objection to the assignment
rules-term-plan = Plan
rules-term-review-plan = Decision on the plan
rules-term-report = Between two reports
rules-term-fix-now = Rectification at once
rules-term-extend-before = Ask for an extension before
rules-term-decide-extension = Decision on an extension
rules-term-verify = Verification
rules-term-publish = Notice and other paper steps
rules-term-answer-objection = Answer to an objection
rules-term-sign = Signature
rules-term-recheck = Re-check by the superior
rules-term-file = Filing
rules-term-reopen = Reopening after a rebound
rules-plan-verify = Plan and verification
rules-plan-skipped = No plan when rectified at once
rules-checkers = Checkers at least
rules-on-site = Visited on site
rules-conclusions = Conclusions
rules-standards = Standards of acceptance
rules-notice-sign = Notice and signature
rules-notice-term = Notice runs
rules-order = Order
rules-order-notice-first = notice first, then signature
rules-order-signature-first = signature first, then notice
rules-channels = Published in
rules-signer = Signed by
rules-minutes = Collective discussion with minutes first
rules-recheck = Re-check by the superior
rules-recheck-from = From: { $level }
rules-recheck-by = re-checked by: { $level }
rules-recheck-none = no re-check
rules-evidence = Evidence a claim must carry
rules-after = After closing
rules-look-backs = Look-backs
rules-look-back-months = month { $months } after closing
rules-sustain-first = First check of what is kept up
rules-sustain-every = Then every
rules-at-risk = At risk before the date

calendar-open = See the working-day calendar
calendar-year = Working days of { $year }
calendar-month = Month { $month }
calendar-edit = Enter a year's days off
calendar-set = The days off of { $year } stand in the ledger; terms are reckoned with them from now on.
calendar-working-days = { $count } working days in the year.
calendar-working-short = { $count } working days
calendar-legend = “off” is a statutory holiday, “work” a weekend day worked in exchange.
calendar-off = off
calendar-worked = work
calendar-holidays = Holidays
calendar-holiday = Holiday
calendar-days-off = Off
calendar-days-worked = Worked in exchange
calendar-years = Years
calendar-provisional = provisional
calendar-provisional-long = The notice for this year is not out; it is reckoned from weekends, and every term that touches it is marked provisional. An administrator enters it once it is published.
calendar-added = entered here
calendar-edit-intro = Follow the notice of the State Council, one day or run of days a line, then the holiday's name. A year that exists is replaced as a whole. Deadlines that stand do not move; later ones are reckoned anew.
calendar-field-year = Year
calendar-hint-year = such as 2027
calendar-field-off = Days off
calendar-hint-off = such as: 2027-01-01 元旦, or 2027-02-05 至 2027-02-11 春节
calendar-field-worked = Days worked in exchange
calendar-hint-worked = such as: 2027-02-14 春节
calendar-field-json = Or paste a file
calendar-hint-json = A year file in the layout of holiday-cn; if given, it counts and the two lists above do not.
calendar-save = Write to the ledger
calendar-error-year = The year must lie between 2000 and 2100.
calendar-error-line = This line cannot be read: “{ $line }”. Write the date, a space, and the holiday's name.
calendar-error-other-year = What was pasted is the year { $found }, not { $year }.
calendar-error-text = This is no year file: { $detail }
calendar-error-stray = { $date } does not belong to the notice of { $year }.
calendar-error-twice = { $date } is listed twice; is it in both lists?
calendar-error-count = It lists { $count } days, which cannot be a year's notice; there should be 3 to 80.
weekday-1 = Mo
weekday-2 = Tu
weekday-3 = We
weekday-4 = Th
weekday-5 = Fr
weekday-6 = Sa
weekday-7 = Su

views-own = My views:
views-save = Save these filters
views-name = Name
views-go = Save
views-drop = Drop view
field-views = Views
field-query = Filters
field-ruleset = Procedure
field-year = Year
