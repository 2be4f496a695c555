import { describe, expect, it } from 'vitest';
import { SteadyClock } from '../../../../src/latchkey/platform/clock/steady-clock.js';
import { HashingGate } from '../../../../src/latchkey/users/passwords/hashing/hashing-gate.js';
import type {
  Lane,
  PasswordCheck,
} from '../../../../src/latchkey/users/passwords/hashing/password-check.js';
import { PasswordsConfig } from '../../../../src/latchkey/users/passwords/passwords.config.js';

const LANE: Lane = ['stranger', '192.0.2.1', 'ada'];

interface Settings {
  readonly concurrency?: number;
  readonly queueLength?: number;
  readonly maxWaitSeconds?: number;
}

function gateOf({ concurrency = 1, queueLength = 10, maxWaitSeconds = 60 }: Settings = {}) {
  const settings = { concurrency, queueLength, maxWaitSeconds };
  return new HashingGate(Object.assign(new PasswordsConfig(), settings), new SteadyClock());
}

/** A gate at which works end when they are told to; who has begun and who was refused is noted. */
function gateWithWorks(settings?: Settings) {
  const gate = gateOf(settings);
  const begun: string[] = [];
  const refused: string[] = [];
  const finishers = new Map<string, () => void>();
  const enter = (name: string, check: Partial<PasswordCheck> = {}) => {
    const work = () =>
      new Promise<string>((resolve) => {
        begun.push(name);
        finishers.set(name, () => resolve(name));
      });
    return gate.run({ lane: LANE, ...check }, work).catch((error: { code: string }) => {
      refused.push(name);
      return error;
    });
  };
  const finish = async (name: string) => {
    finishers.get(name)?.();
    await settle();
  };
  /** Finishes each that has begun, until none is left. */
  const finishAll = async () => {
    for (let index = 0; index < begun.length; index += 1) await finish(begun[index] ?? '');
  };
  return { enter, finish, finishAll, begun, refused };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

const from = (address: string, account: string) => ({ lane: ['stranger', address, account] });

describe('the hashing gate', () => {
  it('lets in two for each hash that may be at work, and the waiting in their order', async () => {
    const { enter, finish, finishAll, begun } = gateWithWorks();
    for (const name of ['a', 'b', 'c', 'd', 'e']) void enter(name);
    await settle();
    expect(begun).toEqual(['a', 'b']);
    await finish('b');
    expect(begun).toEqual(['a', 'b', 'c']);
    await finishAll();
    expect(begun).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('refuses at once what finds the queue full, and starts none of it', async () => {
    const { enter, finishAll, begun, refused } = gateWithWorks({ queueLength: 2 });
    for (const name of ['a', 'b', 'c', 'd']) void enter(name);
    const answer = await enter('one too many');
    expect(answer).toMatchObject({ code: 'auth.busy', retryAfterSeconds: 1 });
    await finishAll();
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
    expect(refused).toEqual(['one too many']);
  });

  it('with no queue at all serves one after the other', async () => {
    const gate = gateOf({ queueLength: 0 });
    expect(await gate.run({ lane: LANE }, async () => 'first')).toBe('first');
    expect(await gate.run({ lane: LANE }, async () => 'second')).toBe('second');
  });

  it('refuses who has waited too long, starts none of that, and goes on with the others', async () => {
    const { enter, finishAll, begun } = gateWithWorks({ maxWaitSeconds: 0.01 });
    void enter('a');
    void enter('b');
    expect(await enter('impatient')).toMatchObject({ code: 'auth.busy' });
    void enter('c');
    await finishAll();
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('goes on after work that fails, and after a turn that ends before it', async () => {
    const gate = gateOf();
    const fail = () => Promise.reject(new Error('broken'));
    for (let turn = 0; turn < 3; turn += 1) {
      await expect(gate.run({ lane: LANE }, fail)).rejects.toThrow('broken');
      const refused = gate.run({ lane: LANE, mayBegin: fail }, async () => 'begun');
      await expect(refused).rejects.toThrow('broken');
    }
    expect(await gate.run({ lane: LANE }, async () => 2)).toBe(2);
  });

  it('never has more at work than allowed when many come and go', async () => {
    const gate = gateOf({ concurrency: 3, queueLength: 1000 });
    let running = 0;
    let most = 0;
    const work = async (turns: number) => {
      running += 1;
      most = Math.max(most, running);
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      running -= 1;
    };
    await Promise.all(
      Array.from({ length: 300 }, (_, index) =>
        gate.run({ lane: [String(index % 11)] }, () => work(index % 7)),
      ),
    );
    expect(most).toBeGreaterThan(3);
    expect(most).toBeLessThanOrEqual(6);
    expect(running).toBe(0);
  });
});

describe('a turn at the hashing gate', () => {
  it('goes to addresses one after the other, and in each to accounts', async () => {
    const { enter, finishAll, begun } = gateWithWorks();
    void enter('first', from('elsewhere', 'x'));
    void enter('second', from('elsewhere', 'x'));
    for (const number of [1, 2, 3]) void enter(`crowd/ada ${number}`, from('crowd', 'ada'));
    for (const number of [1, 2]) void enter(`crowd/bob ${number}`, from('crowd', 'bob'));
    void enter('stranger', from('home', 'eve'));
    await settle();
    await finishAll();
    expect(begun.slice(2)).toEqual([
      'crowd/ada 1',
      'stranger',
      'crowd/bob 1',
      'crowd/ada 2',
      'crowd/bob 2',
      'crowd/ada 3',
    ]);
  });

  it('is given up by the newest of who waits most, once the queue is full', async () => {
    const { enter, begun, finishAll, refused } = gateWithWorks({ queueLength: 6 });
    for (const name of ['first', 'second']) void enter(name, from('elsewhere', 'x'));
    for (const number of [1, 2, 3]) void enter(`crowd/ada ${number}`, from('crowd', 'ada'));
    for (const number of [1, 2]) void enter(`crowd/bob ${number}`, from('crowd', 'bob'));
    void enter('other', from('office', 'eve'));
    void enter('stranger', from('home', 'eve'));
    await settle();
    expect(refused).toEqual(['crowd/ada 3']);
    void enter('crowd/carol', from('crowd', 'carol'));
    await settle();
    expect(refused.at(-1)).toBe('crowd/bob 2');
    await finishAll();
    expect(begun).toContain('stranger');
    expect(begun).toHaveLength(8);
  });

  it('comes again for whom it was too early, and others go on meanwhile', async () => {
    const { enter, finish, begun } = gateWithWorks();
    const answers = [false, false, true];
    const early = enter('early', { mayBegin: async () => answers.shift() ?? true });
    void enter('other', from('elsewhere', 'x'));
    await settle();
    expect(begun).toEqual(['other']);
    for (let turn = 0; turn < 200 && !begun.includes('early'); turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await finish('early');
    expect(await early).toBe('early');
  });

  it('that is too early for as long as anybody may wait ends with a second to wait', async () => {
    const { enter } = gateWithWorks({ maxWaitSeconds: 0.05 });
    const answer = await enter('early', { mayBegin: async () => false });
    expect(answer).toMatchObject({ code: 'auth.busy', retryAfterSeconds: 1 });
  });
});
