FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_DISABLE_PIP_VERSION_CHECK=1

WORKDIR /app
COPY pyproject.toml constraints.txt README.md ./
COPY ontology ontology
COPY graph graph
COPY search search
COPY api api
COPY data data
# every package has a wheel, so no compiler is needed
RUN pip install --no-cache-dir -c constraints.txt .

# the folder must belong to the user before it is a volume, or the volume belongs to root
RUN useradd --create-home --uid 10001 competency && mkdir /data && chown competency /data
USER competency
ENV COMPETENCY_DATA_DIR=/data COMPETENCY_HOST=0.0.0.0 COMPETENCY_PORT=8000
VOLUME /data
EXPOSE 8000

# the bundled standards are embedded at the first start
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['COMPETENCY_PORT'] + '/health', timeout=4)"]

CMD ["sh", "-c", "competency ingest --bundled && exec competency serve"]
