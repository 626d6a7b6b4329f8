"""What came of a probe."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Result:
    """What came of a probe: how often it was tried, what failed, seconds each recovery or refusal took."""

    tried: int = 0
    failed: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    note: str = ""

    def add(self, wrong: str, seconds: float = 0.0) -> None:
        """Count a trial; ``wrong`` is "" where all was well."""
        self.tried += 1
        self.seconds.append(seconds)
        if wrong:
            self.failed.append(wrong)

    def join(self, other: Result) -> Result:
        """Return both as one."""
        note = "; ".join(filter(None, (self.note, other.note)))
        return Result(self.tried + other.tried, self.failed + other.failed, self.seconds + other.seconds, note)
