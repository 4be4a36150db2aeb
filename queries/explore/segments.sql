-- question: How does a metric differ between groups, by up to two dimensions?
-- grain: one row per currency and pair of groups that has units
-- uses: explore/placed_units
-- params:
--   least integer = 10: fewer units than this are too few: the group is counted and its value withheld
--   limits text = share: wilson (units of 0 and 1), share (0-1, a ratio of sums) or amount
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
-- notes: limits are those of a ratio of sums with debtors as clusters (Cochran 1977, ch. 6 and 9A), because accounts, promises
--   and contacts of one debtor are not independent; for units of 0 and 1 the wider of these and Wilson's. Without debtors Wilson's
--   alone. A ratio of sums has none with a single debtor, or where all debtors have the same ratio (nobody paid): no spread
--   is no certainty
with by_debtor as (
    select
        currency,
        group_1,
        group_2,
        debtor_key,
        sum(n_units) as n_units,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from placed_units
    group by currency, group_1, group_2, debtor_key
),

totals as (
    select
        currency,
        group_1,
        group_2,
        sum(n_units) as n_units,
        case when bool_and(debtor_key is not null) then count(*) end as n_debtors,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        cast(sum(numerator) as double) / nullif(cast(sum(denominator) as double), 0) as ratio
    from by_debtor
    group by currency, group_1, group_2
),

spread as (
    select
        totals.currency,
        totals.group_1,
        totals.group_2,
        1.959964 * sqrt(
            sum(
                power(cast(by_debtor.numerator as double) - totals.ratio * cast(by_debtor.denominator as double), 2)
            ) * count(*) / nullif(cast(count(*) as double) - 1, 0)
        ) / nullif(abs(cast(sum(by_debtor.denominator) as double)), 0) as half
    from by_debtor
    inner join totals
        on
            by_debtor.currency = totals.currency
            and by_debtor.group_1 = totals.group_1
            and by_debtor.group_2 = totals.group_2
    where totals.n_debtors is not null
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
            case when $limits = 'wilson' then nullif(cast(denominator as double), 0) end as n
        from totals
    ) as sized
),

limited as (
    select
        wilson.*,
        case
            when $limits = 'wilson' then least(wilson.mid - wilson.reach, wilson.ratio - coalesce(spread.half, 0))
            else wilson.ratio - nullif(spread.half, 0)
        end as from_below,
        case
            when $limits = 'wilson' then greatest(wilson.mid + wilson.reach, wilson.ratio + coalesce(spread.half, 0))
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
    currency,
    group_1,
    group_2,
    cast(n_units as bigint) as n_units,
    n_debtors,
    numerator,
    denominator,
    case when not is_few then ratio end as value,
    case
        when is_few or from_below is null then null
        when ratio >= 0 then greatest(from_below, 0)
        else from_below
    end as low,
    case
        when is_few or from_above is null then null
        when $limits = 'amount' then from_above
        else least(from_above, 1)
    end as high,
    is_few
from limited
order by currency, group_2, group_1
