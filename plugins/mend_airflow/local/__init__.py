"""Airflow on one machine without containers: what `make demo`, `make up` and `make stop` start and stop."""
