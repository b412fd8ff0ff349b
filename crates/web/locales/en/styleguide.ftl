# The style guide

guide-title = Style guide
guide-intro = Every part in every state. The data is only an example.
guide-tags = Status tags
guide-tags-words = Shape and word together, never colour alone; a tag is never a link.
guide-numbers = Numbers
guide-bar = Progress of the procedure
guide-bar-rest = When nothing waits
guide-chain = Chain of responsibility
guide-timeline = Timeline
guide-facts = Facts
guide-list = List
guide-figures = Figures
guide-empty = Nothing here
guide-messages = Messages
guide-form = Form
guide-form-refused = A refused form
guide-progress = Work under way
guide-pair = Before and after
guide-buttons = Buttons
guide-cards = Role cards
guide-pager = Pages and bulk acts
guide-type = Text
