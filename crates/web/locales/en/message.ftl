# Messages: words of letters
letter-head = bihuan { $area }: { $count ->
    [one] one thing is yours to do
   *[other] { $count } things are yours to do
}
letter-something = one thing
letter-late = { $days ->
    [one] one day overdue
   *[other] { $days } days overdue
}
letter-today = due today
letter-left = { $days ->
    [one] one day left
   *[other] { $days } days left
}
letter-came = new
letter-rest = { $count ->
    [one] One more is among your messages
   *[other] { $count } more are among your messages
}
letter-foot = This letter was sent as you chose; do not answer it. What counts is recorded after signing in.

# The inbox
messages = Messages
messages-unread = { $count ->
    [one] One unread.
   *[other] { $count } unread.
}
messages-none-unread = Nothing unread.
messages-hint = You are told once when a thing is yours, near or late, and not any more when it is done. To have read a message is no receipt.
messages-none = No messages yet. You will be told here when something is yours to do.
messages-read-all = Mark all as read
messages-done-read = All marked as read.
messages-newer = Newer
messages-older = Older
messages-pages = Pages of messages
message-unread = unread
message-over = done or changed
message-due = Due
message-sealed = Inspection mission
message-private = One thing that is not named here

# Settings of messages
messages-settings = Message settings
messages-settings-intro = The inbox has every message. These are further ways and hours, for you alone; change them at any time. Addresses never enter the ledger.
messages-no-ways = The district has set up neither e-mail nor text messages: messages are in the inbox only. The hours count once there is a way.
messages-address-now = Now { $address }. Leave it empty to keep it.
messages-drop-email = No longer use the present e-mail address
messages-drop-mobile = No longer use the present mobile number
messages-at-once = Not together: each as it comes
messages-save = Save
messages-done-saved = Saved.
messages-preview = Preview of the digest
messages-preview-hint = If it were sent now, the e-mail would look like this. The district may let e-mails name numbers only, without titles.
messages-preview-none = There is nothing to tell you now.
messages-bad-email = This is no e-mail address, such as lisi@example.gov.cn.
messages-bad-mobile = This is no mobile number: eleven digits.
messages-digest-quiet = The digest would fall into your quiet hours; change one of the two.
field-email = E-mail
field-mobile = Mobile number
field-drop-address = Take an address back
field-digest-at = Hour of the digest
hint-digest-at = One letter on working days with everything of the day. The one exception: what would be past its last day by then leaves earlier.
field-quiet-from = Quiet from
field-quiet-until = Quiet until
field-message-language = Language of messages
way-email = E-mail
way-sms = Text message
way-wecom = WeCom group robot
way-dingtalk = DingTalk group robot

# The outbox
room-outbox = Outbox
outbox-intro = Reminders that leave the house: whether they went, and why not. Addresses are covered, and what was said is not shown here.
outbox-no-ways = No way out is set up: messages are in the inboxes only.
outbox-no-ways-hint = E-mail, text messages and the robots of WeCom and DingTalk are set up in bihuan.toml by whoever looks after the server.
outbox-none = Nothing has been sent yet.
outbox-next = Next not before
outbox-to = To
outbox-to-people = people who chose it
outbox-to-all-units = all units
outbox-to-group = group
outbox-channel = Channel
outbox-messages = Matters
outbox-attempts = Attempts
outbox-when = When
outbox-reason = Reason
outbox-again = Try again
outbox-give-up = Give up
outbox-done-again = It will be tried again.
outbox-done-give-up = It will not be sent.
outbox-state-given_up = Not sent
outbox-state-waiting = Waiting
outbox-state-sent = Sent
outbox-code-nothing = no answer; it is not known whether it was taken
outbox-code-no-address = the reader took the address back
outbox-code-unfit = the channel is not set up for this
outbox-code-45009 = more than the robot allows
outbox-code-93000 = the robot's address is not valid; set it up again
outbox-code-130101 = more than the robot allows; ten minutes of rest
outbox-code-310000 = keyword, signature or source address do not fit the robot's security settings
outbox-code-550 = no such mailbox, or it refuses
outbox-code-535 = the sender's account or password is wrong
outbox-code-isv-mobile-number-illegal = no valid mobile number
outbox-code-isv-business-limit-control = too many text messages to this number
outbox-code-other = { $code }: { $words }
audit-what-outbox-again = Tried a message again
audit-what-outbox-give-up = Gave a message up
