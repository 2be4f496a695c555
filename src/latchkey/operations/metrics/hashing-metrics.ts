import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Histogram } from 'prom-client';
import { HashingGate } from '../../users/passwords/hashing/hashing-gate.js';
import { registerFigures } from './figures.js';
import { MetricsRegistry } from './metrics-registry.js';

const WAIT_BUCKETS_SECONDS = [0.005, 0.05, 0.25, 1, 2.5, 5, 10];
const TURN_BUCKETS_SECONDS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** How busy the hashing of passwords is in this process. */
@Injectable()
export class HashingMetrics implements OnModuleInit {
  constructor(
    private readonly registry: MetricsRegistry,
    private readonly gate: HashingGate,
  ) {}

  onModuleInit(): void {
    const registers = [this.registry];
    const wait = new Histogram({
      name: 'latchkey_hashing_wait_seconds',
      help: 'How long passwords waited for their turn at hashing',
      buckets: WAIT_BUCKETS_SECONDS,
      registers,
    });
    const turn = new Histogram({
      name: 'latchkey_hashing_turn_seconds',
      help: 'How long turns at hashing took',
      buckets: TURN_BUCKETS_SECONDS,
      registers,
    });
    this.gate.onTurn = (waitedMilliseconds, tookMilliseconds) => {
      wait.observe(waitedMilliseconds / 1_000);
      turn.observe(tookMilliseconds / 1_000);
    };
    registerFigures(this.registry, [
      {
        name: 'latchkey_hashing_waiting',
        help: 'Passwords that wait for their turn at hashing; HASHING_QUEUE may',
        read: () => this.gate.figures.waiting,
      },
      {
        name: 'latchkey_hashing_at_work',
        help: 'Passwords that are being hashed, or are next',
        read: () => this.gate.figures.atWork,
      },
      {
        name: 'latchkey_hashing_refused_total',
        help: 'Passwords that were refused as auth.busy, unhashed',
        read: () => this.gate.figures.refused,
      },
    ]);
  }
}
