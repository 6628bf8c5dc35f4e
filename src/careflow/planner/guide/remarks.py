"""A sentence for each cell that no sum can show to be wrong, and for each that differs."""

from __future__ import annotations

_TWO_LIMITS = (
    "1,500 requests of 1,000 tokens are 1.5 million tokens, so the two limits cannot both bind;"
    " Google's limit was a million tokens a minute."
)
_SAME_BOX = (
    "The API runs on the same t2.micro or t3.small that Basic (10-20 users, 10-50 requests a"
    " second) and Production (50-100, 100-200) are rated on; calling Gemini does not make it"
    " faster."
)
_ONE_CANNOT_ROLL = (
    "One instance cannot roll; without downtime only if the listening socket is kept while the new"
    " release starts."
)
_SAME_GEMINI = 'Architecture 4 uses the same Gemini API, for which 3B is called "Medium".'
_M10 = (
    "More than 1,000 users need M10 by the guide's own rule: $19-24, $57 and half of high usage"
    " ($15-30) are $91-111."
)
_TEN_BOXES = (
    "Ten boxes at the rating of a t3.small carry 500-1,000 users; the high end is ten times that."
)
_OUTGROWN = "The guide rates {name} at {rated} concurrent users and puts {put} users on it here."

CONTRADICTED: dict[str, str] = {
    "gemini_flash_free/1_million_tokens_per_day/value": _TWO_LIMITS,
    "gemini_flash_free/1_500_requests_per_day/value": _TWO_LIMITS,
    "perf_arch3b/concurrent_users/value": _SAME_BOX,
    "perf_arch3b/requests_second/value": _SAME_BOX,
    "lambda_limits/package/value": "A model of 8 GB does not fit 250 MB; it needs a container "
    "image, which may have 10 GB.",
    "vertical_scaling/t3_medium_t3_large/cells.performance_gain": "Both have 2 vCPU: twice the "
    "memory, the same CPU.",
    "feature_matrix/data_privacy/cells.load_balancer": _SAME_GEMINI,
    "throughput/gemini_api/cells.ai_tasks_minute": "15 a minute is the free tier's limit, although "
    "another line promises unlimited concurrency.",
    "growth_low/25_36/cells.cost": "More than 1,000 users need M10 ($57) by the guide's own rule, "
    "which alone exceeds this band.",
    "growth_medium/25_36/cells.cost": "200,000 requests cost $40 at the guide's token price, so "
    "the load-balancer bill is at least $173, above the band's low end.",
    "growth_high/13_18/cells.cost": "200,000 requests cost $40 at the guide's token price, so the "
    "load-balancer bill is at least $173, above the band's low end.",
    "decision_budget/10_month/recommend": "3B starts at $10 a month once the free tier is over.",
    "decision_budget/30_50_month/recommend": "High usage of 3B is $50-85, above the band.",
    "decision_budget/50_150_month/recommend": "Architecture 4 is $138-167, above most of the band.",
    "decision_users/2_000_10_000_users/recommend": "The load balancer comes at 500 concurrent "
    "users (L40, L651), 2,000 users (here) and 5,000 users (L1083).",
    "decision_users/10_000_users/recommend": "Multi-region comes at 10,000 users here and at "
    "20,000 in the growth tables (L1095).",
    "decision_compliance/hipaa_compliance/recommend": "M0 has no backups, no auditing and no "
    "private endpoint: the cheapest arrangement that can meet the checklist is about $85 a month.",
    "migration_phases/phase_1/cells.users": _OUTGROWN.format(
        name="Basic", rated="10-20", put="10-50"
    ),
    "migration_phases/phase_2/cells.users": _OUTGROWN.format(
        name="Production", rated="50-100", put="50-200"
    ),
    "migration_phases/phase_3/months": "Month 7 lies inside Phase 2, which lasts to month 12.",
    "migration_phases/phase_3/cells.downtime": _ONE_CANNOT_ROLL,
    "migration_complexity/production_gemini_api/cells.downtime": _ONE_CANNOT_ROLL,
    "migration_complexity/any_load_balancer/cells.downtime": 'True only "if done correctly": the '
    "checks are named in the migration plan; CloudFront's origin changes, not DNS, and leaving M0 "
    "for M10 takes minutes by itself.",
}
"""Cells that other statements of the guide, or arithmetic without a single result, contradict."""

DIFFERS: dict[str, str] = {
    "tco_arch3b_low/monthly/value": "The free-tier bill of 3B is $0-1.",
    "tco_arch3b_medium/monthly/value": "Inside the free tier only the Gemini line of medium usage "
    "is left, $3-8; and medium usage is priced on a t3.small, which is not free.",
    "key_takeaways/skip_lb_saves/value": "The step from Architecture 2 to 4 is $114-148; $20-25 is "
    "about the load balancer's line alone.",
    "cost_scaling_projections/year_1/cells.cost": "The guide's own path with AI from month 7 "
    "averages $14.75-23.75.",
    "gemini_vs_selfhosted/gemini_setup/value": "The feature matrix says 2-3 hours.",
    "growth_medium/13_24/cells.cost": _M10,
    "growth_high/7_12/cells.cost": _M10,
    "feature_matrix/concurrent_users/cells.load_balancer": _TEN_BOXES,
    "throughput/load_balancer/cells.peak_concurrent_users": _TEN_BOXES,
    "throughput/load_balancer/cells.requests_second": "Ten boxes at 100-200 requests a second "
    "carry 1,000-2,000; 500 is five boxes.",
}
"""Why a computed figure is not the stated one, where no identity says it."""

TODAY: dict[str, str] = {
    "elastic_ip": "Since 2024-02-01 every public IPv4 address costs $3.65 a month.",
    "ebs_30gb": "gp3 is $2.40 for 30 GB; $3 is gp2.",
    "documentdb_smallest": "db.t3.medium is $56.94; $202 is db.r5.large.",
    "atlas_tiers/m20": "$0.20 an hour, $146 a month (recalled).",
    "atlas_tiers/m30": "$0.54 an hour, $394 a month.",
    "gemini_flash_free": "Gemini 1.5 retired on 2025-09-24; free limits are 20-500 requests a day "
    "by model, and never for patient data.",
    "gemini_flash_paid": "Gemini 1.5 retired on 2025-09-24; 3.5 Flash-Lite is $0.30 and $2.50.",
    "gemini_pro_free": "Gemini 1.5 retired on 2025-09-24.",
    "cost_arch1_free": "The twelve free months ended for accounts opened since 2025-07-15.",
}
"""What has become false since, by row or table; it does not touch whether the guide agrees."""
