#!/usr/bin/env node
// Ends with 0 if the service in this container is ready, and with 1 otherwise.
const address = `http://127.0.0.1:${process.env.PORT || 3000}/health/ready`;

fetch(address, { signal: AbortSignal.timeout(3_000) }).then(
  ({ ok, status }) => end(ok, String(status)),
  ({ message, cause }) => end(false, cause?.message ?? message),
);

function end(ready, answer) {
  process.stdout.write(`${address}: ${answer}\n`);
  process.exit(ready ? 0 : 1);
}
