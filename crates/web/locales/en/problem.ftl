# The page of a problem, and registering by hand

problem-new = Register a problem by hand
problem-register = Register
problem-original-hint = The original never changes after registration.
problem-cells = Columns of the document
problem-public-text = Public text
problem-public-hint = Notices show this text, never the original. Leave out personal data and whatever must not be public.
problem-public-none = No public text has been written yet.
problem-save-public = Save the public text
problem-tasks = Tasks
problem-number = Map numbers of other levels
problem-save-number = Save the number
