"""Registration: who a person at the desk or on the telephone is, and adding them if they are new.

A likely twin is named with what speaks for it; whether it is the same person is for people to say.
"""
