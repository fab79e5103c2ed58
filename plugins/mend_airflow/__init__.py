"""What knows Airflow: operators, hooks, business dates, the local installation. The domain (`mend`) knows nothing of
it.
"""
