-- question: How often was each rule of the process kept, broken or not assessable?
-- grain: one row per rule of the process that was in force on some day of the period
-- uses: process/check_counts
-- columns:
--   rule_id text: the rule, with its pack in front
--   basis text: the query that judges it, or contact
--   title_en text: what a breach of it is, in English
--   title_zh text: what a breach of it is, in Chinese
--   modality text: must, presumption, should or advised
--   requirements text: requirements of the template, separated by |
--   cite text: the sentence of the template
--   set_to text: its settings
--   n_kept integer: kept
--   n_breach integer: broken
--   n_exempt integer: exempt by the rule's own words; in no share
--   n_not_assessable integer: cannot be judged; never counted as kept
--   n_judged integer: n_kept + n_breach
--   share_kept ratio: n_kept / n_judged; null where nothing was judged
--   kept_low ratio: lower Wilson 95 % limit of share_kept
--   kept_high ratio: upper Wilson 95 % limit of share_kept
--   share_not_assessable ratio: n_not_assessable / (n_judged + n_not_assessable)
-- notes: words and settings are those of the version in force at the end of the period
with versions as (
    select
        *,
        row_number() over (partition by rule_id order by effective_from desc) as newest
    from process_rules
    where effective_from <= $to_date and (effective_to is null or effective_to >= $from_date)
),

counted as (
    select
        rule_id,
        cast(coalesce(sum(n_items) filter (where verdict = 'kept'), 0) as bigint) as n_kept,
        cast(coalesce(sum(n_items) filter (where verdict = 'breach'), 0) as bigint) as n_breach,
        cast(coalesce(sum(n_items) filter (where verdict = 'exempt'), 0) as bigint) as n_exempt,
        cast(coalesce(sum(n_items) filter (where verdict = 'not_assessable'), 0) as bigint) as n_not_assessable
    from check_counts
    group by rule_id
),

shared as (
    select
        *,
        n_kept + n_breach as n_judged,
        nullif(cast(n_kept + n_breach as double), 0) as n,
        cast(n_kept as double) / nullif(n_kept + n_breach, 0) as share,
        cast(n_not_assessable as double) / nullif(n_kept + n_breach + n_not_assessable, 0) as share_not_assessable,
        1.959964 * 1.959964 as z2
    from counted
),

spread as (
    select
        *,
        share * (1 - share) / n + z2 / (4 * n * n) as variance
    from shared
)

select
    versions.rule_id,
    versions.basis,
    versions.title_en,
    versions.title_zh,
    versions.modality,
    versions.requirements,
    versions.cite,
    versions.set_to,
    coalesce(spread.n_kept, 0) as n_kept,
    coalesce(spread.n_breach, 0) as n_breach,
    coalesce(spread.n_exempt, 0) as n_exempt,
    coalesce(spread.n_not_assessable, 0) as n_not_assessable,
    coalesce(spread.n_judged, 0) as n_judged,
    spread.share as share_kept,
    (spread.share + spread.z2 / (2 * spread.n) - sqrt(spread.z2 * spread.variance))
    / (1 + spread.z2 / spread.n) as kept_low,
    (spread.share + spread.z2 / (2 * spread.n) + sqrt(spread.z2 * spread.variance))
    / (1 + spread.z2 / spread.n) as kept_high,
    spread.share_not_assessable
from versions
left join spread on versions.rule_id = spread.rule_id
where versions.newest = 1
order by n_breach desc, n_not_assessable desc, versions.rule_id
