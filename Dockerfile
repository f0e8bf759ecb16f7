# The command in a container: docker build -t scrub . && docker run --rm -v "$PWD:/data" scrub dedup /data/articles -o /data/out
FROM python:3.12-slim AS build
WORKDIR /src
COPY . .
RUN python -m venv /opt/scrub \
 && /opt/scrub/bin/pip install --no-cache-dir --constraint constraints.txt '.[parquet,java]'

FROM python:3.12-slim
COPY --from=build /opt/scrub /opt/scrub
ENV PATH=/opt/scrub/bin:$PATH NUMBA_CACHE_DIR=/opt/kernels
# What a first larger run would compile stands in the image, for the processors it was built on and
# for this user: what somebody else could have written is not run.
RUN mkdir /data && mkdir -m 700 /opt/kernels && chown nobody /opt/kernels
USER nobody
RUN python -c 'from scrub.config import Settings; from scrub.pipeline import compile_all; compile_all(Settings())'
WORKDIR /data
ENTRYPOINT ["scrub"]
CMD ["--help"]
