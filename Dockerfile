# One image for the web server and the worker. See docs/operations.md.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    CONTACTBOOK_DATA_DIR=/data

WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes --requirement requirements.txt
COPY . .
RUN CONTACTBOOK_DATA_DIR=/tmp/build python manage.py collectstatic --no-input --verbosity 0 \
    && rm -r /tmp/build \
    && useradd --system --uid 10001 contactbook \
    && install --directory --owner contactbook --mode 0700 /data

USER contactbook
VOLUME /data
EXPOSE 8000

CMD ["granian", "--interface", "wsgi", "--no-ws", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--blocking-threads", "16", "contactbook.wsgi:application"]
