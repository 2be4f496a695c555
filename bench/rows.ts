import type { Row } from './row.js';
import { adminLists } from './rows/admin-lists.js';
import { emergencyStop } from './rows/emergency-stop.js';
import { firstSight } from './rows/first-sight.js';
import { guardedManyTokens } from './rows/guarded-many-tokens.js';
import { guardedOneToken } from './rows/guarded-one-token.js';
import { idleInstances } from './rows/idle-instances.js';
import { loginFlood } from './rows/login-flood.js';
import { memory } from './rows/memory.js';
import { millionRevocations } from './rows/million-revocations.js';
import { refreshCost } from './rows/refresh-cost.js';
import { refreshRate } from './rows/refresh-rate.js';
import { refreshStatements } from './rows/refresh-statements.js';
import { requestLog } from './rows/request-log.js';
import { revocationReach } from './rows/revocation-reach.js';

import { signInMemory } from './rows/sign-in-memory.js';
import { signInRate } from './rows/sign-in-rate.js';
import { start } from './rows/start.js';
import { storeCommands } from './rows/store-commands.js';
import { tutorialApp } from './rows/tutorial-app.js';
import { verifyOnly } from './rows/verify-only.js';

/** In the order of the table of targets. */
export const ROWS: readonly Row[] = [
  guardedOneToken,
  guardedManyTokens,
  verifyOnly,
  tutorialApp,
  requestLog,
  storeCommands,
  firstSight,
  refreshStatements,
  refreshCost,
  refreshRate,
  loginFlood,
  signInRate,
  millionRevocations,
  revocationReach,
  emergencyStop,
  adminLists,
  idleInstances,
  start,
  memory,
  signInMemory,
];
