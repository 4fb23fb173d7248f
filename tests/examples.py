"""How many random examples a test looks at: the same few in the suite, new ones by the thousand with EXAMPLES=100."""

import os

from hypothesis import HealthCheck, Phase, settings

_TIMES = int(os.environ.get("EXAMPLES", "1"))


def examples(count: int, **others: int) -> settings:
    """Settings for `count` examples, or EXAMPLES times as many: then other ones each time, told as they were found."""
    return settings(
        max_examples=count * _TIMES,
        derandomize=_TIMES == 1,
        phases=[*Phase] if _TIMES == 1 else [Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        **others,
    )
