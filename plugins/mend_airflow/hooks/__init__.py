"""From Airflow's connections to Mend's stores."""

from mend_airflow.hooks.mend import MendHook

__all__ = ["MendHook"]
