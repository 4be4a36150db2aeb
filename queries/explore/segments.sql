-- question: How does a metric differ between groups, by up to two dimensions?
-- grain: one row per currency and pair of groups that has units
-- uses: explore/placed_units
-- params:
--   least integer = 10: fewer units than this are too few: the group is counted and its value withheld
--   limits text = share: wilson or clustered (units of 0 and 1), share or accounts (0-1), amount or amount_accounts: see notes
-- columns:
--   currency text: ISO 4217 code
--   group_1 text: value of dim_1; all where it is none
--   group_2 text: value of dim_2; all where it is none
--   n_units integer: accounts, promises, contacts ...
--   n_debtors integer: debtors they belong to; null where the book does not say
--   numerator money: sum over the units
--   denominator money: sum over the units
--   value ratio: numerator / denominator; null where that is 0 or there are too few units
--   low ratio: lower 95 % limit
--   high ratio: upper 95 % limit
--   is_few boolean: fewer than least
-- notes: limits are found the way that the metric's definition names. wilson: Wilson's. share and amount: a ratio of sums with
--   debtors as clusters (Cochran 1977, ch. 6 and 9A); clustered: the wider of these and Wilson's, without debtors Wilson's alone;
--   accounts and amount_accounts: a ratio of sums over accounts. A ratio of sums has none with a single debtor (or account), or
--   where all have the same ratio (nobody paid): no spread is no certainty
with by_cluster as (
    select
        currency,
        group_1,
        group_2,
        case when $limits in ('accounts', 'amount_accounts') then account_id else cast(debtor_key as varchar) end as cluster,
        sum(n_units) as n_units,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from placed_units
    group by
        currency,
        group_1,
        group_2,
        case when $limits in ('accounts', 'amount_accounts') then account_id else cast(debtor_key as varchar) end
),

debtors as (
    select
        currency,
        group_1,
        group_2,
        case when bool_and(debtor_key is not null) then count(distinct debtor_key) end as n_debtors
    from placed_units
    group by currency, group_1, group_2
),

totals as (
    select
        currency,
        group_1,
        group_2,
        sum(n_units) as n_units,
        bool_and(cluster is not null) as has_clusters,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        cast(sum(numerator) as double) / nullif(cast(sum(denominator) as double), 0) as ratio
    from by_cluster
    group by currency, group_1, group_2
),

spread as (
    select
        totals.currency,
        totals.group_1,
        totals.group_2,
        1.959964 * sqrt(
            sum(
                power(cast(by_cluster.numerator as double) - totals.ratio * cast(by_cluster.denominator as double), 2)
            ) * count(*) / nullif(cast(count(*) as double) - 1, 0)
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

wilson as (
    select
        *,
        (ratio + z2 / (2 * n)) / (1 + z2 / n) as mid,
        sqrt(z2 * (ratio * (1 - ratio) / n + z2 / (4 * n * n))) / (1 + z2 / n) as reach
    from (
        select
            *,
            1.959964 * 1.959964 as z2,
            case when $limits in ('wilson', 'clustered') then nullif(cast(denominator as double), 0) end as n
        from totals
    ) as sized
),

limited as (
    select
        wilson.*,
        case
            when $limits = 'wilson' then wilson.mid - wilson.reach
            when $limits = 'clustered' then least(wilson.mid - wilson.reach, wilson.ratio - coalesce(spread.half, 0))
            else wilson.ratio - nullif(spread.half, 0)
        end as from_below,
        case
            when $limits = 'wilson' then wilson.mid + wilson.reach
            when $limits = 'clustered' then greatest(wilson.mid + wilson.reach, wilson.ratio + coalesce(spread.half, 0))
            else wilson.ratio + nullif(spread.half, 0)
        end as from_above,
        wilson.n_units < $least as is_few
    from wilson
    left join spread
        on
            wilson.currency = spread.currency
            and wilson.group_1 = spread.group_1
            and wilson.group_2 = spread.group_2
)

select
    limited.currency,
    limited.group_1,
    limited.group_2,
    cast(limited.n_units as bigint) as n_units,
    debtors.n_debtors,
    limited.numerator,
    limited.denominator,
    case when not limited.is_few then limited.ratio end as value,
    case
        when limited.is_few or limited.from_below is null then null
        when limited.ratio >= 0 then greatest(limited.from_below, 0)
        else limited.from_below
    end as low,
    case
        when limited.is_few or limited.from_above is null then null
        when $limits in ('amount', 'amount_accounts') then limited.from_above
        else least(limited.from_above, 1)
    end as high,
    limited.is_few
from limited
inner join debtors
    on
        limited.currency = debtors.currency
        and limited.group_1 = debtors.group_1
        and limited.group_2 = debtors.group_2
order by limited.currency, limited.group_2, limited.group_1
