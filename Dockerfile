# The image of every service of docker-compose.yml: web (the default command), worker, beat and migrate.

FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY requirements/base.txt requirements/assets.txt requirements/
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/base.txt
# Node comes from a package of the Python registry, for this one step.
COPY qmportal/assets/ qmportal/assets/
RUN python qmportal/assets/build.py && rm -rf qmportal/assets/node_modules
COPY . .
RUN /venv/bin/python -m qmportal.catalogues \
 && DEBUG=0 SECRET_KEY=only-for-this-step SITE_URL=https://localhost ALLOWED_HOSTS=localhost \
    /venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
 && /venv/bin/python -m compileall -q booking qmportal

FROM python:3.11-slim-bookworm
RUN groupadd --system --gid 10001 portal \
 && useradd --system --uid 10001 --gid portal --home-dir /app --no-create-home portal \
 && install -d -o portal -g portal /app/var /app/var/media
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app/manage.py ./
COPY --from=build /app/booking booking
COPY --from=build /app/qmportal qmportal
COPY --from=build /app/templates templates
COPY --from=build /app/locale locale
COPY --from=build /app/staticfiles staticfiles
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DEBUG=0 LOG_FORMAT=json BIND=0.0.0.0:8000 BEAT_PULSE=/tmp/beat.pulse
USER portal
EXPOSE 8000
VOLUME /app/var/media
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "qmportal/probe.py", "web"]
CMD ["gunicorn", "-c", "qmportal/gunicorn.py"]
