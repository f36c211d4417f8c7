"""Every write on notices.

Reading the journal, climbing and sending write rows without an entry: a notice is a reading of the
journal, and an entry for each would make it twice as long and say nothing new. What somebody does
about an alert, and that nobody did, is journalled (`answering`, `climbing.give_up`).
"""
