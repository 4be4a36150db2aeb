-- macro: stage_of(days_past_due, early_days, middle_days)
-- meaning: stage of the process by days past due: M1, M2-M3 or later
select
    case
        when days_past_due <= early_days then 'M1'
        when days_past_due <= middle_days then 'M2-M3'
        else 'later'
    end as stage_of
