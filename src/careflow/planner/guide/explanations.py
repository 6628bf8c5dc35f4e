"""One sentence for each identity of the guide that does not hold."""

from __future__ import annotations

EXPLANATIONS = {
    "sum.cost_arch1_free": "The lines add up to $0; the high end is padded by $1, and accounts "
    "opened since 2025-07-15 get credits, not twelve free months.",
    "sum.cost_arch1_after": "The lines add up to $12-18; the high end is padded by $2.",
    "sum.cost_arch2": "The lines add up to $19-23; the high end is padded by $1.",
    "sum.cost_arch3a": "The lines add up to $34-38; the high end is padded by $1.",
    "sum.cost_arch3b_free": "The lines add up to $0; the high end is padded by $1, and a free "
    "model is never offered for patient data.",
    "sum.cost_arch3b_low": "8 + 0 + 1 is 9, not 10; with the 30 GB disk that the guide specifies "
    "and does not bill it is $12-19.",
    "growth_low.total": "Month by month the table adds up to $891-1,248; the guide rounds inward.",
    "growth_medium.total": "Month by month the table adds up to $2,610-4,248; the guide rounds "
    "outward.",
    "growth_high.total": "Month by month the table adds up to $10,335-20,295: its last 18 months "
    "alone are $9,000-18,000, above the stated total.",
    "savings.percent": "5,988-6,108 of 6,360 is 94.2-96.0%, of which 95 is one point; at list "
    "prices of today the comparison is another.",
    "takeaways.percent": "5,904-6,108 of 6,360 is 92.8-96.0%; 93 is its low end, and another "
    "section says 95.",
    "headline.annual_savings": "The yearly savings stated elsewhere are $2,844-3,180; $2,300 would "
    "need a month of $73, which no table has.",
    "gemini_vs_selfhosted.percent": "360 of 816 and 648 of 936 are 44.1-69.2%; like with like it "
    "is 51.3-64.7%.",
    "gemini.strategy.3000": "3,000 requests of 1,000 tokens cost $0.60 at the stated price; $0 is "
    "the free tier, which may not see patient data.",
    "gemini.usage.10000": "10,000 requests of 1,000 tokens cost $2.00 at the stated price; the "
    "bill has 1.5 to 4 times that.",
    "gemini.usage.100000": "100,000 requests of 1,000 tokens cost $20.00 at the stated price; the "
    "bill has 1.5 to 3 times that.",
    "lambda.1000": "60,000 GB-seconds lie inside the free allowance and cost $1.00 without it; "
    "the guide says three times that.",
    "lambda.10000": "600,000 GB-seconds cost $3.33 with the free allowance and $10.00 without; "
    "the guide says two and a half times that.",
    "lambda.100000": "6,000,000 GB-seconds cost $93.33-100.02; $250 fits 5 GB or 75 seconds, not "
    "2 GB and 30 seconds.",
    "vertical.t2micro_t3small": "A t3.small at $15 is $5-7 above a t2.micro at $8-10.",
    "quick.gemini": "The guide's own bills for 3B run from $0 to $85; the table leaves out high "
    "usage.",
    "matrix.gemini_after": "Low, medium and high usage run from $10 to $85; $56 stands nowhere "
    "else in the guide.",
    "matrix.gemini_free": "The free-tier bill of 3B ends at $1, not $3.",
    "arch4.claim": "The bill of Architecture 4 is $138-167, so $80-150 is no minimum.",
    "takeaways.ours_vs_path": "The guide's own path (3 months Basic, 3 months Production, 18 "
    "months Gemini) adds up to $417-705 in 24 months.",
    "selfhosted.tasks_per_minute": "1-3 tasks at once of 5-30 seconds each are 2-36 a minute.",
    "uptime.gemini": "The request needs the one EC2 (99.5%) as well as Gemini (99.9%): together "
    "99.4%.",
    "ha.peak_users": "Ten boxes, the group's maximum, at 50-100 users each carry 500-1,000: the "
    "stated high end is ten times that.",
    "ha.rps": "Ten boxes at 100-200 requests a second carry 1,000-2,000; 500 is five boxes.",
}
