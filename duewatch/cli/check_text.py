"""What `ingest --check` prints: problems by kind with cost and mend, then what the rows can answer."""

from __future__ import annotations

from duewatch.cli.ingest import load_lines
from duewatch.contract.i18n import Words
from duewatch.contract.localised_errors import localised, localised_sentence
from duewatch.ingest.check_report import CheckReport, Problem

LONGEST = 40


def check_text(report: CheckReport, words: Words) -> str:
    lines = load_lines(report.loads, words)
    lines += ["", words("check.refusals")] if report.refusals else []
    lines += [f"  {localised_sentence(words, error)}" for error in report.refusals]
    lines += ["", words("check.problems")] if report.problems else ["", words("check.no_problems")]
    lines += [f"  {problem_sentence(problem, words)}" for problem in report.problems]
    lines += ["", words("check.notes")] if report.notes else []
    lines += [f"  {localised(words, note)}" for note in report.notes]
    lines += ["", words("check.answers")]
    lines += [f"  + {words(f'capability.{id_}')}" for id_ in report.answered]
    lines += [
        f"  - {words(f'capability.{id_}')}: {words('check.lacks', columns=', '.join(missing))}"
        for id_, missing in report.lacking
    ]
    if best := report.best_column:
        lines.append("  " + words("check.best_column", column=best[0], n=best[1]))
    lines += ["", words("check.nothing_published")]
    return "\n".join(lines)


def problem_sentence(problem: Problem, words: Words) -> str:
    """Where, how many, what it costs, an example, and the mend."""
    place = f"{problem.table}.{problem.column}" if problem.column else problem.table
    key = "check.rows" if problem.is_row else "check.values"
    share = problem.balance_share
    cost = words("check.of_balance", share=f"{100 * share:.1f}") if share else ""
    example = " ".join(problem.example.split())[:LONGEST]
    shown = words("check.example", file=problem.file, line=problem.line, value=example)
    fix = words(f"fix.{problem.reason}") if words.has(f"fix.{problem.reason}") else ""
    return words(
        key, place=place, n=problem.n_rows, cost=cost, why=words(f"reason.{problem.reason}"), example=shown, fix=fix
    )
