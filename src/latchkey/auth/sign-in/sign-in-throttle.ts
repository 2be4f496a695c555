import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { addressBlock } from '../../audit/address-block.js';
import { emailKey } from '../../platform/http/validation/email-address.js';
import { Counters } from '../../platform/limits/counters.js';
import { FailureStreak } from '../../platform/limits/failure-streak.js';
import {
  judgeAttempt,
  type LimitedSubject,
  type LimitedSubjects,
} from '../../platform/limits/judge-attempt.js';
import { JudgedWindow } from '../../platform/limits/judged-window.js';
import type { PasswordCheck } from '../../users/passwords/hashing/password-check.js';
import { authErrors } from '../auth.errors.js';
import { laneOf } from '../throttling/lane-of.js';
import { ThrottleConfig } from '../throttling/throttle.config.js';
import { KnownDevices } from './known-devices.js';
import { ThrottledSignIns } from './sign-in-failures.js';

/**
 * In-memory fallback: an attacker could evict an account's streak by failing on this many other
 * accounts. It must exceed what a few addresses can try. About 50 MB when full.
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
  private readonly addresses: JudgedWindow;
  private readonly accounts: FailureStreak;
  private readonly devices: FailureStreak;

  constructor(
    counters: Counters,
    private readonly config: ThrottleConfig,
    private readonly knownDevices: KnownDevices,
    private readonly throttled: ThrottledSignIns,
  ) {
    this.addresses = new JudgedWindow(counters, {
      name: 'sign-in-address',
      quota: config.addressFailedSignIns,
      windowSeconds: config.addressWindowSeconds,
    });
    this.accounts = new FailureStreak('sign-in-account', counters, config, ACCOUNTS_REMEMBERED);
    this.devices = new FailureStreak('sign-in-device', counters, config);
  }

  /**
   * Carries out an attempt to sign in, unless it is one too many: then no password is hashed,
   * and the answer is the same whether or not there is such an account.
   *
   * @param work checks the password, by the check that it is given
   * @throws LatchkeyError `throttle.too_many_requests`, or whatever the work throws
   */
  async attempt<T>(
    reply: FastifyReply,
    email: string,
    work: (check: PasswordCheck) => Promise<T>,
  ): Promise<T> {
    const { request } = reply;
    const account = emailKey(email);
    if (!this.config.enabled) return work({ lane: laneOf('stranger', request.ip, account) });
    const device = await this.knownDevices.find(request, email);
    const lane = laneOf(device === null ? 'stranger' : 'known', request.ip, account);
    return judgeAttempt(
      {
        reply,
        isFailure: authErrors.invalidCredentials.is,
        subjects:
          device === null
            ? this.subjectsOfStranger(request.ip, email)
            : [{ limit: this.devices, subject: device }],
        onLimitReached: (limit) => this.throttled.record(request, limit, email),
      },
      (mayBegin) => work({ lane, mayBegin }),
    );
  }

  /** What refuses strangers at an account. */
  ofAccount(email: string): LimitedSubject {
    return { limit: this.accounts, subject: emailKey(email) };
  }

  /** What refuses strangers from an address. */
  ofAddress(ip: string): LimitedSubject {
    return { limit: this.addresses, subject: addressBlock(ip) };
  }

  /**
   * The account comes second: what is left to it is said only when nothing is, since the figure
   * tells whether somebody else has signed in or failed to, and so whether there is an account
   * (section 8.2 of the draft).
   */
  private subjectsOfStranger(ip: string, email: string): LimitedSubjects {
    return [this.ofAddress(ip), this.ofAccount(email)];
  }
}
