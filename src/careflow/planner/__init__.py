"""The planner: architectures, prices, capacity, decision and migration, without any I/O.

It computes from plain data that ships with it: two dated catalogues of prices, the guide's own
words and figures, and a file of measurements. It imports only the floor; it reaches no database,
no setting and no network. Every figure says from which catalogue and which line it came.
"""
