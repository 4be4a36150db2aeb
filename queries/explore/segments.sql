-- question: How does a metric differ between groups, by up to two dimensions?
-- grain: one row per currency and pair of groups that has units
-- uses: explore/placed_units
-- params:
--   least integer = 10: fewer units than this are too few: the group is counted and its value withheld
--     range: 1 up
--   limits text = share: how limits are found: see notes
--     one of: wilson, clustered, share, accounts, amount, amount_accounts
-- columns: currency, group_1, group_2, n_units, n_debtors, numerator, denominator, value, low, high, is_few
--   n_units: accounts, promises, contacts ...
--   n_debtors: debtors they belong to; null where the book does not say
--   numerator: sum over the units
--   denominator: sum over the units
--   value ratio: numerator / denominator; null where that is 0 or there are too few units
-- notes: limits are found the way that the metric's definition names. wilson: Wilson's. amount: a ratio of sums with debtors as
--   clusters (Cochran 1977, ch. 6 and 9A); clustered: Wilson's at the number of independent units that would be as sure as that
--   is, at most their own, and at that where nothing or everything counts or the debtors are not known;
--   amount_accounts: a ratio of sums over accounts. share and accounts: Wilson's at the number of equal debtors (or accounts)
--   that would be as sure as the ratio of sums is; where each counts in whole or not at all, at no more than Kish's number
--   (sum squared over sum of squares), else with Student's quantile for it. None with a single debtor (or account), or where
--   all have one ratio that is neither 0 nor 1: no spread is no certainty
with by_cluster as (
    select
        currency, group_1, group_2,
        case when $limits in ('accounts', 'amount_accounts') then account_id else cast(debtor_key as varchar) end as cluster,
        min(debtor_key) as debtor_key,
        bool_and(debtor_key is not null) as is_owed,
        sum(n_units) as n_units,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from placed_units
    group by
        currency, group_1, group_2,
        case when $limits in ('accounts', 'amount_accounts') then account_id else cast(debtor_key as varchar) end
),

totals as (
    select
        currency, group_1, group_2,
        sum(n_units) as n_units,
        case when bool_and(is_owed) then count(distinct debtor_key) end as n_debtors,
        bool_and(cluster is not null) as has_clusters,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        macros.ratio(sum(numerator), sum(denominator)) as ratio
    from by_cluster
    group by currency, group_1, group_2
),

deviations as (
    select
        totals.currency, totals.group_1, totals.group_2,
        bool_and(by_cluster.numerator in (0, by_cluster.denominator)) as is_whole_or_nothing,
        power(cast(sum(by_cluster.denominator) as double), 2)
        / nullif(sum(power(cast(by_cluster.denominator as double), 2)), 0) as kish,
        macros.z_95() * sqrt(
            sum(
                power(cast(by_cluster.numerator as double) - totals.ratio * cast(by_cluster.denominator as double), 2)
            ) * macros.few_groups(count(*))
        ) / nullif(abs(cast(sum(by_cluster.denominator) as double)), 0) as half
    from by_cluster
    inner join totals
        on
            by_cluster.currency = totals.currency
            and by_cluster.group_1 = totals.group_1
            and by_cluster.group_2 = totals.group_2
    where totals.has_clusters
    group by totals.currency, totals.group_1, totals.group_2
),

spread as (
    select
        *,
        greatest(kish - 1, 1.5) as freedom,
        case when is_whole_or_nothing and half is not null then kish end as at_most,
        case when half > 1e-12 then half end as half_or_none
    from deviations
),

sized as (
    select
        totals.*, spread.half_or_none as half,
        case
            when $limits = 'wilson' then nullif(cast(totals.denominator as double), 0)
            when $limits = 'clustered'
                then
                    least(
                        nullif(cast(totals.denominator as double), 0),
                        nullif(totals.ratio * (1 - totals.ratio), 0) / power(spread.half_or_none / macros.z_95(), 2)
                    )
            when $limits in ('share', 'accounts') and totals.ratio between 0 and 1
                then least(spread.at_most, totals.ratio * (1 - totals.ratio) / power(spread.half_or_none / macros.z_95() * case
                    when spread.is_whole_or_nothing then 1
                    else 1 + 1.210365 / spread.freedom + 1.440077 / power(spread.freedom, 2)
                end, 2))
        end as n
    from totals
    left join spread
        on totals.currency = spread.currency and totals.group_1 = spread.group_1 and totals.group_2 = spread.group_2
),

limited as (
    select
        *, n_units < $least as is_few,
        case when mid - reach is not null then least(mid - reach, ratio) end as from_below,
        case when mid + reach is not null then greatest(mid + reach, ratio) end as from_above
    from (
        select
            *,
            coalesce(macros.share_middle(ratio, n), ratio) as mid,
            coalesce(macros.share_reach(ratio, n), half) as reach
        from sized
    ) as wilson
)

select
    currency, group_1, group_2,
    cast(n_units as bigint) as n_units,
    n_debtors, numerator, denominator,
    case when not is_few then ratio end as value,
    case
        when is_few or from_below is null then null
        when ratio >= 0 then greatest(from_below, 0)
        else from_below
    end as low,
    case
        when is_few or from_above is null then null
        when $limits in ('amount', 'amount_accounts') then from_above
        else least(from_above, 1)
    end as high,
    is_few
from limited
order by currency, group_2, group_1
