/** How many sessions; beyond what is counted one by one, the planner's estimate. */
export interface SessionCount {
  readonly count: number;
  readonly estimated: boolean;
}

export const NO_SESSIONS: SessionCount = { count: 0, estimated: false };
