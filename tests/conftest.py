"""What all tests share: generated cases are judged by their outcome, never by the speed of the machine they run on."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("handlist", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("handlist")
