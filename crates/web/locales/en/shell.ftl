# The frame of the pages, forms and failure pages

product = bihuan
frame-skip = Skip to content
frame-demo = Simulated data: places, units, people and problems are invented
frame-find = Search number, problem, unit
frame-find-go = Search
frame-switch-post = Act in another post
frame-switch = Switch
frame-other-language = 中文
frame-sign-out = Sign out
frame-nav = Main sections
frame-nav-first = Used most
frame-ledger = Ledger: { $size } entries · root { $root }
frame-printed = printed by { $name } · { $at }
frame-no-secrets = Do not enter classified information
frame-styleguide = Style guide
frame-error-prefix = Error:{" "}

menu-loop = The loop
menu-answer = Who answers
menu-paper = Meetings and papers
menu-record = Records
menu-settings = Settings
menu-more = All

room-today = Today
room-tasks = Problems and tasks
room-desk = Review desk
room-intake = Import
room-notices = Notices
room-sustain = Sustained tasks
room-office = Units and posts
room-procedure = Procedure
room-calendar = Working days
room-ledger = Ledger
room-accounts = Accounts
room-audit = Reading log

bar-label = Progress of the procedure
bar-nothing = Nothing here waits for you at the moment.

pager-previous = Previous
pager-next = Next

form-errors = Please correct the following
form-optional = optional
form-cancel = Cancel
form-please-choose = Please choose
form-missing = This must be filled in.
form-in-row = Row { $number }: { $sentence }
form-choose = Choose one of the options given.
form-each = Fill in every line; none may stay empty.
form-not-a-date = Not a day of the calendar. Write it like 2021-06-30.
form-not-a-number = Not a number.
form-not-a-code = There is no such number, or it is written differently. Please check it.
form-not-degrees = Give coordinates in decimal degrees, for example 30.3553.
form-milestone-text = Say what is to be done.
form-milestone-date = There is no usable date. Say by when it is to be done, such as 2021-06-30.
form-file-kind = This kind of file is not accepted. Upload photos, videos, PDF, Word or Excel files.

failure-home = Back to today
failure-incident = Incident { $number }. Please name this number to the administrator.
failure-refused = This cannot be done now
failure-refused-text = The procedure does not allow this step and the ledger is unchanged. The reason and the way out stand below.
failure-stale = Somebody was faster
failure-stale-text = The task has moved on since you opened the page. Look at its present state before you decide; your act was not recorded.
failure-not-found = Page not found
failure-not-found-text = The address is wrong, or this lies outside the scope of your post.
failure-forged = The form is no longer valid
failure-forged-text = Your session has changed or the form was not opened here. Go back, open the page again and send it once more.
failure-not-a-form = What was sent cannot be read
failure-not-a-form-text = It is not a form of this system. Please send it from the page.
failure-too-large = Too large
failure-too-large-text = What was sent exceeds the limit and nothing was stored. Upload in parts, or compress it first.
failure-unreadable = The file cannot be read
failure-unreadable-text = Nothing was stored. The reason stands below.
failure-other-request = The key of this request was used before
failure-other-request-text = The same key belongs to another request. Open the page again and repeat the act.
failure-unavailable = Cannot write at the moment
failure-unavailable-text = The database or the disk is not available. Nothing was written; reading goes on. Please try again later.
failure-broken = Something went wrong
failure-broken-text = It was not your doing, and nothing was half-written. Please tell the administrator.
