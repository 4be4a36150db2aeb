-- One telephone number a debtor: the primary one.
select
    a.line,
    a."Account_ID" as debtor_id,
    a."Customer_First_Name" || ' ' || a."Customer_Last_Name" as name,
    p."Phone_Number" as phone
from accounts as a
left join phones as p on a."Account_ID" = p."Account_ID" and p."Is_Primary" = '1'
