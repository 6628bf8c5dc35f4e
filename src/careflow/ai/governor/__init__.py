"""Quotas, budgets, breakers and the memory of answers, shared through the documents alone.

Whatever is counted lies in documents, so any number of processes and nodes count together. Pure
arithmetic is in ``quota``, ``budget`` and ``breaker``; ``ledger`` stores it; ``govern`` asks.
"""
