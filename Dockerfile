# One image for every stage; docker-compose.yml says which of them a container runs.
FROM python:3.11.14-slim-bookworm

RUN apt-get update \
    && apt-get install -y --no-install-recommends chromium fonts-noto-cjk tini \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 markwatch \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin markwatch \
    && install -d -o markwatch -g markwatch /data

# Python looks for modules in the folder it starts in: one that no stage can write to.
WORKDIR /opt/markwatch
COPY requirements/run.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/run.txt

COPY pyproject.toml README.md LICENSE markwatch.py ./
COPY alerts alerts
COPY app app
COPY crawlers crawlers
COPY detectors detectors
COPY pipeline pipeline
RUN pwd > "$(python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/markwatch.pth" \
    && printf '#!/usr/local/bin/python\nfrom markwatch import main\n\nmain()\n' > /usr/local/bin/markwatch \
    && chmod 755 /usr/local/bin/markwatch \
    && python -m compileall -q . \
    && chmod -R a+rX . \
    && markwatch --version

ENV MARKWATCH_DATA=/data PYTHONUNBUFFERED=1
USER 10001:10001
VOLUME /data
ENTRYPOINT ["tini", "--", "markwatch"]
CMD ["run"]
