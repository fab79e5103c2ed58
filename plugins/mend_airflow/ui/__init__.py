"""Pages inside Airflow's UI: one app at /mend. Only the API server imports what is here."""
