import argon2 from 'argon2';
import { answerParent } from '../processes/answers.js';

/** OWASP's minimum, which is the service's default. */
const COST = { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

interface Work {
  readonly password: string;
  readonly atOnce: number;
  readonly seconds: number;
}

answerParent({
  /** Verifies one password again and again; how many a second. */
  async hash({ password, atOnce, seconds }: Work): Promise<number> {
    const hash = await argon2.hash(password, COST);
    const until = performance.now() + seconds * 1_000;
    let done = 0;
    const verify = async () => {
      for (; performance.now() < until; done += 1) await argon2.verify(hash, password);
    };
    await Promise.all(Array.from({ length: atOnce }, verify));
    return done / seconds;
  },
});
