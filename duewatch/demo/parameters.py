"""Every number the generator uses, in one record that truth.json repeats, so that tests can ask for it back."""

from __future__ import annotations

from dataclasses import dataclass

from duewatch.contract.schema import RISK_GRADES

CHUNK_ACCOUNTS = 20_000
"""Accounts simulated at once; a constant, so that the bytes do not depend on the machine."""
CSV_UP_TO = 200_000
"""Largest number of accounts that is written as CSV when no format is asked for."""


@dataclass(frozen=True)
class Parameters:
    """Hazards are per day and refer to: medium grade, average judgement, an ordinary weekday, no recent contact.

    A payment on a day of delinquency happens with probability 1 - exp(-h),
    log h = log base(dpd) + grade + judgement x u + payday + weekend + contact (+ collector).
    u is a standard normal number per account that no file holds: what collectors sense and the log does not.
    """

    share_usd: float = 0.15
    share_two_accounts: float = 0.08
    share_card: float = 0.25
    grade_shares: tuple[float, ...] = (0.58, 0.29, 0.13)
    grades: tuple[str, ...] = RISK_GRADES
    miss_share: tuple[float, ...] = (0.075, 0.19, 0.38)
    miss_judgement_log_odds: float = 0.35
    missed_at_start: tuple[float, ...] = (0.885, 0.047, 0.018, 0.013, 0.011, 0.01, 0.008, 0.008)
    prepay_share: float = 0.003
    reversal_share: float = 0.002
    hazard_from_day: tuple[int, ...] = (1, 4, 8, 16, 31, 61, 91, 121, 181)
    hazard: tuple[float, ...] = (0.15, 0.10, 0.055, 0.030, 0.016, 0.010, 0.0065, 0.0045, 0.0015)
    grade_log_hazard: tuple[float, ...] = (0.20, 0.0, -0.35)
    judgement_log_hazard: float = -0.45
    payday_log_hazard: float = 0.50
    weekend_log_hazard: float = -0.45
    contact_log_hazard: float = 0.80
    contact_effect_days: int = 3
    paydays: tuple[int, ...] = (10, 15)
    full_cure_share: tuple[float, ...] = (0.85, 0.55, 0.45, 0.35)
    call_log_odds: tuple[float, ...] = (-0.7, -0.35, -0.9, -2.6)
    call_grade_log_odds: tuple[float, ...] = (-0.45, 0.0, 0.45)
    call_judgement_log_odds: float = 0.55
    call_weekend_factor: float = 0.45
    second_attempt_share: float = 0.25
    conversation_share: float = 0.30
    conversation_evening_factor: float = 1.25
    conversation_late_stage_factor: float = 0.6
    promise_log_odds: float = -0.55
    promise_days: tuple[int, int] = (4, 14)
    keep_log_odds: float = 1.2
    keep_per_day: float = -0.14
    keep_per_log_amount: float = -0.45
    collector_share_differing: float = 0.08
    collector_log_hazard: float = 0.35
    collector_promise_log_odds: float = 0.6
    holdout_share: float = 0.04
    pre_due_reminder_share: float = 0.85
    first_reminder_wait_days: int = 3
    reminder_omitted_share: float = 0.04
    share_dispute: float = 0.015
    share_hardship: float = 0.06
    share_refusal: float = 0.12
    share_cease: float = 0.04
    legal_daily: float = 0.002
    write_off_daily: float = 0.03
    inbound_daily: float = 0.004
    wall_time_share: float = 0.03
    penalty_daily: float = 0.0005
    late_fee_cents: int = 1500


STAGE_FROM = (1, 31, 91)
"""First day past due of the early, middle and late collection stage."""
CAUSES = ("cash_shortage", "misunderstanding", "contact_changed", "unwilling", "unknown")
CAUSE_SHARES = (0.5, 0.14, 0.1, 0.12, 0.14)
