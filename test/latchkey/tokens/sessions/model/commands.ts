import fc from 'fast-check';
import { expect } from 'vitest';
import type { FamilyModel, Outcome } from './family-model.js';
import type { Service } from './service.js';

/** One session on several instances. */
export interface RealFamily {
  readonly services: readonly Service[];
  readonly sessionId: string;
  readonly userId: string;
  /** Which generation the family says was presented last. */
  presentedGeneration(): Promise<number>;
  /** Moves every time of the session's row back, as if so much had passed. */
  letPass(milliseconds: number): Promise<void>;
}

export type Command = fc.AsyncCommand<FamilyModel, RealFamily>;

/** A client, at some instance, with a token that it may have got long ago. */
interface Client {
  readonly instance: number;
  /** How many tokens before the newest its own is. */
  readonly back: number;
}

type Ending = 'logout' | 'administrator';

/** Clients refresh at the same moment; with `ending`, somebody ends the session meanwhile. */
class Refresh implements Command {
  constructor(
    private readonly clients: readonly Client[],
    private readonly ending?: Ending,
  ) {}

  // Of a session that is over it is enough that one client at a time finds it so.
  check = (model: FamilyModel) => !model.isOver || this.clients.length === 1;

  async run(model: FamilyModel, real: RealFamily): Promise<void> {
    const presented = this.clients.map(({ back }) => model.generationBack(back));
    const { result, span } = await model.clock.during(() =>
      Promise.all([
        ...this.clients.map(({ instance }, index) =>
          at(real, instance).refresh(model.tokens[presented[index] ?? 0] ?? ''),
        ),
        this.ending && end(real, this.ending, this.clients[0]?.instance ?? 0),
      ]),
    );
    const overtaken = presented.includes(model.currentGeneration);
    const answers = (result.slice(0, presented.length) as RealAnswer[]).map((answer, index) => ({
      ...answer,
      generation: presented[index] ?? 0,
      permitted: model.permitted(presented[index] ?? 0, span, overtaken),
    }));
    const stolen = answers.some(({ outcome }) => outcome === 'reused');
    const wasOver = model.isOver;
    for (const { outcome, permitted } of answers) {
      const outcomes: Outcome[] = [...permitted];
      if (permitted.includes('recovered')) outcomes.push('granted');
      // Somebody else was first: a thief, or whoever ends the session.
      if ((stolen || this.ending) && !wasOver) outcomes.push('revoked');
      expect(outcomes).toContain(outcome);
    }
    const next = this.expectOneSuccessor(model, answers);
    if (next !== undefined) {
      model.rotated(next, span, await this.expectPresented(model, real, answers));
    }
    if (stolen) model.stolen();
    if (this.ending) model.ended(span);
  }

  /** @returns the token that has become current, if one has */
  private expectOneSuccessor(model: FamilyModel, answers: readonly Answer[]): string | undefined {
    const before = model.tokens.at(-1);
    const granted = answers.filter(({ outcome }) => outcome === 'granted');
    const next = granted.find(({ refreshToken }) => refreshToken !== before)?.refreshToken;
    if (next !== undefined) expect(model.tokens).not.toContain(next);
    for (const { refreshToken, generation, permitted } of granted) {
      const rotates = generation === model.currentGeneration || !permitted.includes('granted');
      expect(rotates ? [next] : [before, next]).toContain(refreshToken);
    }
    return next;
  }

  /** @returns the generation whose presentation has given the new token */
  private async expectPresented(
    model: FamilyModel,
    real: RealFamily,
    answers: readonly Answer[],
  ): Promise<number> {
    const presented = await real.presentedGeneration();
    const granting = answers.filter(
      ({ outcome, generation, permitted }) =>
        outcome === 'granted' &&
        (generation === model.currentGeneration || permitted.includes('recovered')),
    );
    expect(granting.map(({ generation }) => generation)).toContain(presented);
    return presented;
  }

  toString(): string {
    const clients = this.clients.map(({ instance, back }) => `${instance}:-${back}`).join(' ');
    return `refresh(${clients}${this.ending ? `, ${this.ending}` : ''})`;
  }
}

interface RealAnswer {
  readonly outcome: Outcome;
  readonly refreshToken?: string;
}

interface Answer extends RealAnswer {
  readonly generation: number;
  readonly permitted: readonly Outcome[];
}

class LetPass implements Command {
  constructor(private readonly milliseconds: number) {}

  check = (model: FamilyModel) => !model.isOver;

  async run(model: FamilyModel, real: RealFamily): Promise<void> {
    await real.letPass(this.milliseconds);
    model.clock.move(this.milliseconds);
  }

  toString(): string {
    return `letPass(${this.milliseconds / 1000} s)`;
  }
}

/** Clients come back with the token before the newest, once its grace is over or nearly so. */
class ComeBack implements Command {
  constructor(
    private readonly pause: LetPass,
    private readonly refresh: Refresh,
  ) {}

  check = (model: FamilyModel) => !model.isOver;

  async run(model: FamilyModel, real: RealFamily): Promise<void> {
    await this.pause.run(model, real);
    await this.refresh.run(model, real);
  }

  toString(): string {
    return `${this.pause}, ${this.refresh}`;
  }
}

class End implements Command {
  constructor(
    private readonly ending: Ending,
    private readonly instance: number,
  ) {}

  check = () => true;

  async run(model: FamilyModel, real: RealFamily): Promise<void> {
    const { span } = await model.clock.during(() => end(real, this.ending, this.instance));
    model.ended(span);
  }

  toString(): string {
    return `${this.ending}(${this.instance})`;
  }
}

/** @param graceMilliseconds what the pauses are measured in */
export function familyCommands(graceMilliseconds: number): fc.Arbitrary<Iterable<Command>> {
  const instance = fc.integer({ min: 0, max: 1 });
  const back = fc.oneof(
    { weight: 6, arbitrary: fc.constant(0) },
    { weight: 4, arbitrary: fc.constant(1) },
    { weight: 2, arbitrary: fc.integer({ min: 2, max: 3 }) },
    { weight: 1, arbitrary: fc.integer({ min: 4, max: 12 }) },
  );
  const client = fc.record({ instance, back });
  const ending = fc.constantFrom<Ending>('logout', 'administrator');
  const pause = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(0.3, 0.6, 0.9) },
    { weight: 12, arbitrary: fc.constantFrom(1.1, 1.6, 2.5, 3.1, 4.2) },
    { weight: 1, arbitrary: fc.constant(7) },
  );
  const command = fc.oneof(
    { weight: 8, arbitrary: client.map((one) => new Refresh([one])) },
    {
      weight: 5,
      arbitrary: fc
        .array(client, { minLength: 2, maxLength: 4 })
        .map((clients) => new Refresh(clients)),
    },
    {
      weight: 4,
      arbitrary: fc
        .tuple(
          fc.constantFrom(1.6, 2.5, 3.1),
          fc.array(fc.record({ instance, back: fc.constant(1) }), { minLength: 1, maxLength: 3 }),
        )
        .map(
          ([graces, clients]) =>
            new ComeBack(new LetPass(graces * graceMilliseconds), new Refresh(clients)),
        ),
    },
    { weight: 8, arbitrary: pause.map((graces) => new LetPass(graces * graceMilliseconds)) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.array(client, { minLength: 1, maxLength: 3 }), ending)
        .map(([clients, how]) => new Refresh(clients, how)),
    },
    { weight: 1, arbitrary: fc.tuple(ending, instance).map(([how, where]) => new End(how, where)) },
  );
  return fc.commands<FamilyModel, RealFamily, false>([command], { maxCommands: 12, size: 'max' });
}

function at(real: RealFamily, instance: number): Service {
  const service = real.services[instance];
  if (service === undefined) throw new Error(`There is no instance ${instance}.`);
  return service;
}

function end(real: RealFamily, ending: Ending, instance: number): Promise<void> {
  const service = at(real, instance);
  return ending === 'logout'
    ? service.logout(real.sessionId, real.userId)
    : service.endByAdministrator(real.sessionId);
}
