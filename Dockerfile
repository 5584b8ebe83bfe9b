# One image a service: docker build --build-arg SERVICE=payee-service -t kyc-relay/payee-service .
# SERVICE=operations gives the image of the jobs (migrations, topics, dlq); SERVICE=simulators the outside world.
ARG NODE_VERSION=24

FROM node:${NODE_VERSION}-slim AS build
WORKDIR /build
COPY . .
# The local stack's own Postgres is for machines without one; images do without.
RUN npm ci --ignore-scripts --omit=optional --no-audit --no-fund \
  && npx tsc -b

FROM node:${NODE_VERSION}-slim AS dependencies
WORKDIR /build
COPY package.json package-lock.json ./
COPY apps apps
COPY libs libs
COPY tools tools
COPY e2e e2e
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund && npm cache clean --force

FROM node:${NODE_VERSION}-slim AS run
ARG SERVICE
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /build/node_modules node_modules
COPY --from=build /build/package.json ./
COPY --from=build /build/libs libs
COPY --from=build /build/apps apps
COPY --from=build /build/tools tools
# The entry of the one service; of apps and tools alike, so that a deployment does not need to know which it is.
RUN if [ -d "apps/${SERVICE}" ]; then ln -s "apps/${SERVICE}/dist" run; else ln -s "tools/${SERVICE}/dist" run; fi \
  && find libs apps tools -name src -type d -prune -exec rm -rf {} + \
  && test -d run
USER node
EXPOSE 3000
CMD ["node", "run/main.js"]
