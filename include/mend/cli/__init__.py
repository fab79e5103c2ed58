"""The commands of `mend` that need nothing but the domain. `mend_airflow.cli` adds those that walk a DAG, and starts
them all.
"""
