# One image a service: docker build --build-arg SERVICE=payee-service -t kyc-relay/payee-service .
# SERVICE=operations gives the image of the jobs (migrations, topics, dlq); SERVICE=simulators the outside world.
ARG NODE_VERSION=24.21.0

FROM node:${NODE_VERSION}-slim AS build
WORKDIR /build
COPY . .
# The local stack's own Postgres is for machines without one; images do without. Tests, types and maps stay here too.
RUN npm ci --ignore-scripts --omit=optional --no-audit --no-fund \
  && npx tsc -b \
  && rm -rf node_modules \
  && find apps libs tools -type d \( -name src -o -name testbed \) -prune -exec rm -rf {} + \
  && find apps libs tools -type f \( -name '*.spec.*' -o -name '*.d.ts' -o -name '*.map' -o -name '*.tsbuildinfo' \) -delete

# What the one service needs: its packages, and of the workspace what npm links for it.
FROM node:${NODE_VERSION}-slim AS image
ARG SERVICE
WORKDIR /app
COPY --from=build /build/package.json /build/package-lock.json ./
COPY --from=build /build/apps apps
COPY --from=build /build/libs libs
COPY --from=build /build/tools tools
COPY --from=build /build/e2e e2e
RUN npm ci --workspace="@kyc-relay/${SERVICE}" --ignore-scripts --omit=dev --omit=optional --no-audit --no-fund \
  && for part in apps/* libs/* tools/* e2e; do \
       test -e "node_modules/@kyc-relay/$(basename "$part")" || rm -rf "$part"; \
     done \
  && ln -s "node_modules/@kyc-relay/${SERVICE}/dist" run \
  && test -f run/main.js -o -f run/migrate.js

FROM node:${NODE_VERSION}-slim AS run
ENV NODE_ENV=production
WORKDIR /app
COPY --from=image /app ./
USER node
EXPOSE 3000
# As tools/local/stack/node-args.json has them (ADR 10).
CMD ["node", "--max-old-space-size=192", "--max-semi-space-size=16", "--heap-growing-percent=200", "run/main.js"]
