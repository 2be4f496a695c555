import type { RateLimiterAbstract } from 'rate-limiter-flexible';

/** Where something is counted: what is asked of it, wherever it is. */
export type Limiter = Pick<RateLimiterAbstract, 'penalty' | 'reward' | 'get' | 'delete'>;
