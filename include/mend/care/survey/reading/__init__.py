"""How the text of a reply is read: made plain, cut to the customer's own words, and covered by known phrases or not at
all.
"""
