-- macro: stage_on(days_past_due, is_written_off, early_days, middle_days)
-- meaning: stage of the process on a day: current where the account is not overdue, written_off, else M1, M2-M3 or later
select
    case
        when days_past_due is null then 'current'
        when is_written_off then 'written_off'
        else macros.stage_of(days_past_due, early_days, middle_days)
    end as stage_on
