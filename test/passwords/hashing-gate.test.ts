import { describe, expect, it } from '@jest/globals';
import { HashingGate } from '../../src/passwords/hashing-gate.js';
import { PasswordsConfig } from '../../src/passwords/passwords.config.js';

function gateOf(concurrency: number, queueLength: number, maxWaitSeconds = 60): HashingGate {
  const settings = { concurrency, queueLength, maxWaitSeconds };
  return new HashingGate(Object.assign(new PasswordsConfig(), settings));
}

/** Work that ends when it is told to, and notes when it began. */
function workOf(started: number[], id: number) {
  const { promise, resolve, reject } = withResolvers<number>();
  const run = () => {
    started.push(id);
    return promise;
  };
  return { run, finish: () => resolve(id), fail: () => reject(new Error('broken')) };
}

function withResolvers<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('the hashing gate', () => {
  it('lets no more in at once than it may, and the waiting in their order', async () => {
    const gate = gateOf(2, 10);
    const started: number[] = [];
    const works = [0, 1, 2, 3, 4].map((id) => workOf(started, id));
    const results = Promise.all(works.map((work) => gate.run(work.run)));

    await settle();
    expect(started).toEqual([0, 1]);
    works[1]?.finish();
    await settle();
    expect(started).toEqual([0, 1, 2]);
    for (const work of works) work.finish();
    expect(await results).toEqual([0, 1, 2, 3, 4]);
    expect(started).toEqual([0, 1, 2, 3, 4]);
  });

  it('refuses at once what finds the queue full, and starts none of it', async () => {
    const gate = gateOf(1, 2);
    const started: number[] = [];
    const works = [0, 1, 2, 3].map((id) => workOf(started, id));
    const admitted = works.slice(0, 3).map((work) => gate.run(work.run));

    await expect(gate.run(() => works[3]?.run() ?? Promise.reject())).rejects.toMatchObject({
      code: 'auth.busy',
      retryAfterSeconds: expect.any(Number),
    });
    for (const work of works) work.finish();
    expect(await Promise.all(admitted)).toEqual([0, 1, 2]);
    expect(started).toEqual([0, 1, 2]);
  });

  it('with no queue at all serves one after the other', async () => {
    const gate = gateOf(1, 0);
    expect(await gate.run(async () => 'first')).toBe('first');
    expect(await gate.run(async () => 'second')).toBe('second');
  });

  it('refuses who has waited too long, starts none of that, and goes on with the others', async () => {
    const gate = gateOf(1, 10, 0.01);
    const started: number[] = [];
    const works = [0, 1, 2].map((id) => workOf(started, id));
    const running = gate.run(works[0]?.run ?? Promise.reject);
    const impatient = gate.run(works[1]?.run ?? Promise.reject);

    await expect(impatient).rejects.toMatchObject({ code: 'auth.busy' });
    const next = gate.run(works[2]?.run ?? Promise.reject);
    for (const work of works) work.finish();
    expect(await Promise.all([running, next])).toEqual([0, 2]);
    expect(started).toEqual([0, 2]);
  });

  it('goes on after work that fails', async () => {
    const gate = gateOf(1, 5);
    const started: number[] = [];
    const works = [0, 1].map((id) => workOf(started, id));
    const [first, second] = works.map((work) => gate.run(work.run));
    works[0]?.fail();
    await expect(first).rejects.toThrow('broken');
    works[1]?.finish();
    expect(await second).toBe(1);
    expect(await gate.run(async () => 2)).toBe(2);
  });

  it('never has more at work than allowed when many come and go', async () => {
    const gate = gateOf(3, 1000);
    let running = 0;
    let most = 0;
    const work = async (turns: number) => {
      running += 1;
      most = Math.max(most, running);
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      running -= 1;
    };
    await Promise.all(Array.from({ length: 300 }, (_, index) => gate.run(() => work(index % 7))));
    expect(most).toBe(3);
    expect(running).toBe(0);
  });
});
