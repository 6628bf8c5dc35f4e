"""Visits: when there is room for one, who has it, and what becomes of it.

Open times are computed, never stored; one verb writes visits, and the database decides every race.
"""
