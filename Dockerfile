# Mend on the official Airflow image's pattern: Python, our pins, our code. Built by docker-compose.yaml (build: .).
FROM python:3.12-slim-bookworm

ENV AIRFLOW_HOME=/opt/airflow \
    MEND_HOME=/opt/mend \
    PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1

# curl serves the health checks of docker-compose.yaml; tini passes signals on, so that a stopped worker ends its tasks.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends curl tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 50000 --gid 0 --create-home --shell /usr/sbin/nologin airflow \
    && mkdir -p /opt/airflow/logs /opt/mend /lake \
    && chown -R airflow:0 /opt/airflow /opt/mend /lake

WORKDIR /opt/airflow
# The pins first: a change of code does not install the packages again.
COPY requirements.txt .
RUN pip install --requirement requirements.txt

COPY --chown=airflow:0 pyproject.toml requirements.in ./
COPY --chown=airflow:0 include include
COPY --chown=airflow:0 plugins plugins
COPY --chown=airflow:0 dags dags
# Editable: the code is found where the volumes of docker-compose.yaml put it.
RUN pip install --no-deps --editable .

USER airflow
ENTRYPOINT ["tini", "--"]
CMD ["airflow", "version"]
