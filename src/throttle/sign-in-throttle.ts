import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { addressBlock } from '../audit/address-block.js';
import { emailKey } from '../users/email-key.js';
import type { CountedAttempt } from './counted-attempt.js';
import { Counters } from './counters.js';
import { FailureRow } from './failure-row.js';
import { FixedWindow } from './fixed-window.js';
import { judgeAttempt } from './judge-attempt.js';
import { KnownDevices } from './known-devices.js';
import { requireAdmitted } from './require-admitted.js';
import { ThrottleConfig } from './throttle.config.js';
import { ThrottledSignIns } from './throttled-sign-ins.js';

/**
 * Whoever fails at so many others begins an account's row anew where there is no Redis: it must take
 * more than the addresses of a few. 50 MB when full.
 */
const ACCOUNTS_REMEMBERED = 100_000;

/**
 * Bounds guessing at passwords (OWASP ASVS 6.3.1, NIST SP 800-63B-4 section 3.2.2). A stranger's
 * failures count for the account and for the address they come from, whether or not there is such
 * an account. A device that the account has been signed in to from has a row of its own instead,
 * so that no stranger shuts out the owner.
 */
@Injectable()
export class SignInThrottle {
  private readonly addresses: FixedWindow;
  private readonly accounts: FailureRow;
  private readonly devices: FailureRow;

  constructor(
    counters: Counters,
    private readonly config: ThrottleConfig,
    private readonly knownDevices: KnownDevices,
    private readonly throttled: ThrottledSignIns,
  ) {
    this.addresses = new FixedWindow(counters, {
      name: 'sign-in-address',
      quota: config.addressFailedSignIns,
      windowSeconds: config.addressWindowSeconds,
    });
    this.accounts = new FailureRow('sign-in-account', counters, config, ACCOUNTS_REMEMBERED);
    this.devices = new FailureRow('sign-in-device', counters, config);
  }

  /**
   * Carries out an attempt to sign in, unless it is one too many: then no password is hashed,
   * and the answer is the same whether or not there is such an account.
   *
   * @throws LatchkeyError `throttle.too_many_requests`, or whatever the work throws
   */
  async attempt<T>(reply: FastifyReply, email: string, work: () => Promise<T>): Promise<T> {
    if (!this.config.enabled) return work();
    const device = await this.knownDevices.find(reply.request, email);
    const attempts =
      device === null
        ? await this.countStranger(reply, email)
        : [await this.countDevice(reply, device)];
    return judgeAttempt(attempts, work, async () => {
      for (const { isLast, limit } of attempts) {
        if (isLast) await this.throttled.record(reply.request, email, limit);
      }
    });
  }

  private async countDevice(reply: FastifyReply, device: string): Promise<CountedAttempt> {
    const attempt = await this.devices.count(device);
    requireAdmitted(reply, attempt);
    return attempt;
  }

  /**
   * What is left to the account is said only when nothing is: the figure tells whether somebody
   * else has signed in or failed to, and so whether there is an account (section 8.2 of the draft).
   */
  private async countStranger(reply: FastifyReply, email: string): Promise<CountedAttempt[]> {
    const policies = [this.addresses.policy, this.accounts.policy];
    const address = await this.addresses.count(addressBlock(reply.request.ip));
    requireAdmitted(reply, address, policies);
    const account = await this.accounts.count(emailKey(email));
    if (!account.admitted) {
      await address.withdraw();
      requireAdmitted(reply, account, policies);
    }
    return [address, account];
  }
}
