/** What every measured GET answers, on every server. */
export const SMALL_ANSWER = {
  id: '018f2f6e-7a3b-7cc0-9d4e-2f1a5b6c7d8e',
  name: 'An ordinary object',
  tags: ['small', 'json'],
  count: 42,
};

/** What the guarded route demands. */
export const BENCH_PERMISSION = 'bench:read';
