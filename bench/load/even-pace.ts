import { setTimeout as pause } from 'node:timers/promises';
import { AnswerLog, durationSeconds } from './answer-log.js';
import { HttpClient } from './http-client.js';
import type { LoadPlan, LoadResult } from './load-plan.js';

/** Sends at even intervals: a server that falls behind is not spared the requests it delays. */
export async function evenPace(plan: LoadPlan, perSecond: number): Promise<LoadResult> {
  const log = new AnswerLog(plan);
  const client = new HttpClient();
  const token = plan.tokens?.[0];
  const total = durationSeconds(plan) * perSecond;
  const startedAt = performance.now();
  const answers: Promise<void>[] = [];
  for (let index = 0; index < total; index++) {
    const dueAt = startedAt + (index * 1_000) / perSecond;
    await pause(Math.max(0, dueAt - performance.now()));
    const sent = client.send({ origin: plan.origin, method: plan.method, path: plan.path, token });
    answers.push(sent.then(({ status, milliseconds }) => log.add(status, milliseconds)));
  }
  await Promise.all(answers);
  client.close();
  return log.result();
}
