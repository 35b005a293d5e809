# scripts/production-smoke.mjs follows this file step by step where no container engine runs.

FROM node:24-slim AS manifests
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY packages/guard/package.json packages/guard/
COPY packages/bcrypt-lanes/package.json packages/bcrypt-lanes/

FROM manifests AS build
# With optional dependencies: the bundler's program for this platform is one.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ormconfig.ts ./
COPY packages packages
COPY src src
COPY migrations migrations
COPY scripts/bundle.mjs scripts/
RUN npm run bundle

# Without what only building, testing and the embedded database need. Ours are workspaces: npm links to packages/.
# Nor the libraries' source maps: the service would load and keep them all, for frames that nobody here can edit.
FROM manifests AS modules
RUN npm ci --omit=dev --omit=optional --ignore-scripts
RUN find node_modules -name '*.map' -delete

FROM node:24-slim
WORKDIR /app
# Two arenas are enough for the few threads of a process; otherwise each thread keeps memory of its own.
ENV NODE_ENV=production HOST=0.0.0.0 METRICS_HOST=0.0.0.0 PORT=3000 MALLOC_ARENA_MAX=2
COPY --from=modules /app .
COPY --from=build /app/packages/guard/dist packages/guard/dist
COPY --from=build /app/packages/bcrypt-lanes/dist packages/bcrypt-lanes/dist
COPY --from=build /app/dist dist
# Owned by root, run by node: the service cannot change its own code.
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=16", "--expose-gc", "--enable-source-maps", "dist/bundle/main.mjs"]
