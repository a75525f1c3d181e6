"""Recommendations of substrates and orchestrators in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from analyzer.plan import Container, Plan, Venv
from analyzer.substrate.option import Orchestrator, Substrate
from analyzer.substrate.recommendation import Reason, Recommendation


def summary(plan: Plan) -> str:
    """``container (3), AWS Lambda; orchestrator: Compose``; empty where no rules were asked."""
    found = [container.recommendation for container in plan.containers() if container.recommendation is not None]
    counted = Counter(recommendation.label for recommendation in found)
    kinds = ", ".join(f"{label} ({number})" if number > 1 else label for label, number in counted.items())
    return f"{kinds}; orchestrator: {plan.orchestrator.label}" if plan.orchestrator is not None else kinds


def doubts(plan: Plan) -> str:
    """What is not known and could rule out what is recommended, as questions; empty where there is nothing."""
    found = [container.recommendation for container in plan.containers() if container.recommendation is not None]
    whole = plan.orchestrator.doubts if plan.orchestrator is not None else ()
    facts = dict.fromkeys((*(fact for recommendation in found for fact in recommendation.doubts), *whole))
    return "; ".join(fact.question for fact in facts)


def substrate(container: Container, venv: Venv) -> str:
    """What an environment should run on, in a word or two; empty where no rules were asked."""
    found = container.recommendation
    if found is None:
        return venv.substrate
    return f"{found.label}, {found.size}" if found.size else found.label


def reasons(found: Recommendation[Substrate] | Recommendation[Orchestrator]) -> Iterator[tuple[str, Sequence[Reason]]]:
    """Each option with what speaks for, against and rules it out: the recommended one first, then those that
    would do, the best first, then those that are ruled out."""
    if found.choice is not None:
        yield found.label, found.fired
    left = [judged for judged in found.others if not judged.ruled_out]
    for judged in sorted(left, key=lambda item: -item.score):
        yield f"{judged.option.label}: less fit", judged.fired
    for judged in found.others:
        if judged.ruled_out:
            yield f"{judged.option.label}: ruled out", judged.ruled_out


def unknown(found: Recommendation[Substrate] | Recommendation[Orchestrator]) -> str:
    """``Not known: how long a run takes; …``, of what could change the choice; empty where all of it is known."""
    questions = [fact.question for fact in found.unknown]
    return f"Not known: {'; '.join(questions)}" if questions else ""


def weighed(reason: Reason) -> str:
    """``+30`` or ``-10``; empty for what rules out."""
    return f"{reason.weight:+d}" if reason.weight is not None else ""
