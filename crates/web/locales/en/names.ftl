# Names of persons and units over time

name-then = { $now } (then { $then })
office-code = Code
office-formerly = Former names
office-former = { $name } (until { $until })
office-rename = Rename
office-same-name = This is the present name.
office-holds-none = Has held no post yet.
intro-office-rename = Records made before then show the name of their day beside the new one; who answers for them does not change.
field-since = First day of the new name
hint-since = For example 2021-06-30; without a new name it has no effect
