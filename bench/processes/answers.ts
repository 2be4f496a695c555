interface Question {
  readonly number: number;
  readonly name: string;
  readonly input: unknown;
}

// Both ends are ours; each caller of `ask` says what it expects.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Answer = (input: any) => unknown;

/** In a child process: answers what the parent asks, and says that it is ready. */
export function answerParent(answers: Readonly<Record<string, Answer>>, ready?: unknown): void {
  process.on('message', async ({ number, name, input }: Question) => {
    try {
      const answer = answers[name];
      if (answer === undefined) throw new Error(`This process does not answer "${name}".`);
      process.send?.({ number, value: await answer(input) });
    } catch (error) {
      const reason = error instanceof Error ? error.stack : String(error);
      process.send?.({ number, reason });
    }
  });
  process.send?.({ ready: ready ?? null });
}
