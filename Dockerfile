# The command in a container: docker build -t scrub . && docker run --rm -v "$PWD:/data" scrub dedup /data/articles -o /data/out
FROM python:3.12-slim AS build
WORKDIR /src
COPY . .
RUN python -m venv /opt/scrub \
 && /opt/scrub/bin/pip install --no-cache-dir --constraint constraints.txt '.[parquet,java]'

FROM python:3.12-slim
COPY --from=build /opt/scrub /opt/scrub
ENV PATH=/opt/scrub/bin:$PATH NUMBA_CACHE_DIR=/opt/kernels
COPY examples/samples.py /tmp/samples.py
# What is compiled in the first run stands in the image, for the processors it was built on.
RUN mkdir /opt/kernels /data && python /tmp/samples.py /tmp/samples \
 && (scrub dedup /tmp/samples/dump.jsonl.gz -o /tmp/out --quiet || test $? -eq 1) \
 && rm -rf /tmp/samples /tmp/samples.py /tmp/out && chmod -R a+rwX /opt/kernels
USER nobody
WORKDIR /data
ENTRYPOINT ["scrub"]
CMD ["--help"]
