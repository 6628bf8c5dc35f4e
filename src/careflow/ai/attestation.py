"""What an operator answers for before patients' data go to an engine elsewhere, word for word."""

from __future__ import annotations

VERSION = "1"
"""Of the text: a row of the policy names the version that its author read."""

TEXT = """\
I answer for this clinic that, for the engine, tasks and data of this row:

1. An agreement with the provider covers what is sent (in the United States a business associate
   agreement), and the row names it.
2. The provider does not train on what is sent, nor have people read it, under that agreement.
3. I know that names, numbers, places and dates are taken out before anything leaves, that no such
   method finds all of them, and that what leaves is treated as patients' data all the same.
4. Patients can opt out of AI processing, and staff record it in the chart.
5. What comes back is a draft: a person with the right to sign it does, or it is not used.
"""
