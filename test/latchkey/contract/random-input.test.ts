import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type SignedIn,
  signIn,
  signUp,
  signUpAdmin,
  uniqueEmail,
} from '../../builders/accounts.js';
import { startTestApp } from '../../support/test-app.js';
import { repeated } from '../../support/test-depth.js';
import { onThisMachine } from '../../support/time-limits.js';
import {
  type ApiDescription,
  describe as describeApi,
  EVERY_ROUTE,
  type Route,
  routesOf,
} from './api-description.js';
import { type RandomRequest, randomRequests } from './random-request.js';

/** Requests to each route and as each caller. */
const RUNS = repeated({ quick: 1, full: 40 });
const SEED = Number(process.env.RANDOM_INPUT_SEED ?? 20_260_101);
/** Not the one of the examples, which is among the values that are sent. */
const PASSWORD_OF_ADMIN = 'seven lamps above a quiet quay';
const TIMEOUT_MILLISECONDS = Math.max(60_000, RUNS * 2_000);

describe(`random input (RANDOM_INPUT_SEED=${SEED} TEST_RUNS=${RUNS})`, () => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  let description: ApiDescription;
  let routes: Route[];
  let victim: SignedIn;
  beforeAll(async () => {
    app = await startTestApp(EVERY_ROUTE);
    description = await describeApi(app.api);
    routes = routesOf(description);
    victim = await signUp(app);
  });
  afterAll(async () => app[Symbol.asyncDispose]());

  /** Sends random requests to every route, and holds each answer against the description. */
  async function throwAtEveryRoute(
    send: (route: Route, request: RandomRequest) => Promise<Outcome>,
  ): Promise<void> {
    expect(routes.length).toBeGreaterThan(25);
    const known = [victim.userId, victim.sessionId, victim.email];
    for (const route of routes) {
      const property = fc.asyncProperty(
        randomRequests(route, description, known),
        async (request) => {
          const outcome = await send(route, request);
          expect(outcome).toEqual(expect.objectContaining({ isDescribed: true }));
          expect(outcome.status).toBeLessThan(500);
        },
      );
      await fc.assert(property, { numRuns: RUNS, seed: SEED });
    }
  }

  interface Outcome {
    readonly route: string;
    readonly status: number;
    readonly code: string | undefined;
    readonly isDescribed: boolean;
  }

  async function outcomeOf(route: Route, request: RandomRequest, token?: string): Promise<Outcome> {
    const { path, body, headers } = request;
    const { status, body: answer } = await app.api.send<{ code?: string } | undefined>(
      route.method,
      path,
      body,
      { token, headers },
    );
    const code = status < 400 ? undefined : answer?.code;
    const isDescribed =
      code === undefined
        ? status in route.responses
        : code === 'request.not_found' || route['x-errors'].includes(code);
    return { route: `${route.method} ${route.path}`, status, code, isDescribed };
  }

  it(
    'from anybody never makes a fault, and is answered as described',
    () => throwAtEveryRoute((route, request) => outcomeOf(route, request)),
    onThisMachine(TIMEOUT_MILLISECONDS),
  );

  it(
    'from an admin never makes a fault, and is answered as described',
    async () => {
      let admin = await signUpAdmin(app, uniqueEmail(), PASSWORD_OF_ADMIN);
      await throwAtEveryRoute(async (route, request) => {
        const outcome = await outcomeOf(route, request, admin.accessToken);
        const isOver = /^access\.token_(revoked|stale)$/.test(outcome.code ?? '');
        if (!isOver) return outcome;
        admin = await signIn(app.api, admin.email, PASSWORD_OF_ADMIN);
        return outcomeOf(route, request, admin.accessToken);
      });
    },
    onThisMachine(TIMEOUT_MILLISECONDS),
  );
});
