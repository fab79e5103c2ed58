-- Run once by the PostgreSQL of docker-compose.yaml, when its volume is new. `mend`, the operations database, exists already.
create database mend_lake;
create database airflow;
