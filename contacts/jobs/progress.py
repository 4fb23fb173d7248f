"""How far a long job is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone


@dataclass(frozen=True)
class Progress:
    """`total` may be an estimate, or not known yet."""

    done: int
    total: int | None
    per_second: float | None

    @classmethod
    def since(cls, begun: datetime | None, done: int, total: int | None) -> "Progress":
        seconds = (timezone.now() - begun).total_seconds() if begun else 0
        return cls(done, total, done / seconds if seconds > 0 and done else None)

    @property
    def fraction(self) -> float | None:
        return min(self.done / self.total, 1.0) if self.total else None

    @property
    def percent(self) -> int | None:
        return None if self.fraction is None else int(self.fraction * 100)

    @property
    def seconds_left(self) -> int | None:
        if not self.per_second or self.total is None:
            return None
        return round(max(self.total - self.done, 0) / self.per_second)

    @property
    def ends_at(self) -> datetime | None:
        seconds = self.seconds_left
        return None if seconds is None else timezone.now() + timedelta(seconds=seconds)
