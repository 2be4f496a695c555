import { IsIn, IsInt, Max, Min } from 'class-validator';
import {
  ConfigSlice,
  FromEnv,
  type RefusesInProduction,
} from '../../platform/config/config-slice.js';

const LONGEST_PAUSE_SECONDS = 3_600;

/** What is counted against which limit: docs/throttling.md. */
@ConfigSlice()
export class ThrottleConfig implements RefusesInProduction {
  /** `off` is for load tests. */
  @FromEnv('THROTTLING')
  @IsIn(['on', 'off'])
  throttling: string = 'on';

  /**
   * Wrong passwords in a row before the first pause. People who are going to remember theirs do so
   * within ten tries; NIST SP 800-63B-4 section 3.2.2 allows no more than 100.
   */
  @FromEnv('THROTTLE_FAILURES_IN_A_ROW')
  @IsInt()
  @Min(3)
  @Max(100)
  failuresInARow: number = 10;

  /** Short enough that a person waits for it. It doubles with every further failure. */
  @FromEnv('THROTTLE_FIRST_PAUSE_SECONDS')
  @IsInt()
  @Min(1)
  @Max(LONGEST_PAUSE_SECONDS)
  firstPauseSeconds: number = 30;

  /** Leaves a guesser some 110 tries a day at one account, however many addresses they have. */
  @FromEnv('THROTTLE_LONGEST_PAUSE_SECONDS')
  @IsInt()
  @Min(1)
  @Max(LONGEST_PAUSE_SECONDS)
  longestPauseSeconds: number = 900;

  /** The time in which an address has its quotas. */
  @FromEnv('THROTTLE_ADDRESS_WINDOW_SECONDS')
  @IsInt()
  @Min(1)
  @Max(86_400)
  addressWindowSeconds: number = 900;

  /** A thousand people behind one address mistype less often; a list of accounts is tried slowly. */
  @FromEnv('THROTTLE_ADDRESS_FAILED_SIGN_INS')
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  addressFailedSignIns: number = 100;

  /** Enough for a household or a class that registers together, too few for mass registration. */
  @FromEnv('THROTTLE_ADDRESS_REGISTRATIONS')
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  addressRegistrations: number = 20;

  /** Mails that strangers ask for, of whatever kind: people who wait for one ask again and again. */
  @FromEnv('THROTTLE_ADDRESS_MAIL_REQUESTS')
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  addressMailRequests: number = 20;

  /** What is shown of mails, of whatever kind: a whole class confirms its addresses at once. */
  @FromEnv('THROTTLE_ADDRESS_MAIL_PROOFS')
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  addressMailProofs: number = 300;

  /** Of one account, in the time in which an address has its quotas: each asks a mailbox of somebody's. */
  @FromEnv('THROTTLE_USER_EMAIL_CHANGES')
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  userEmailChanges: number = 10;

  /** Requests at the authorization endpoint: apps ask silently whether somebody is signed in, again and again. */
  @FromEnv('THROTTLE_ADDRESS_AUTHORIZATIONS')
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  addressAuthorizations: number = 3_000;

  /** Codes of devices that a user types, right or wrong: each device takes two. */
  @FromEnv('THROTTLE_USER_DEVICE_CODES')
  @IsInt()
  @Min(4)
  @Max(1_000)
  userDeviceCodes: number = 40;

  /** Each page that offers passkeys asks for one, and for another one every ten minutes. */
  @FromEnv('THROTTLE_ADDRESS_PASSKEY_CHALLENGES')
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  addressPasskeyChallenges: number = 300;

  /** Sign-ins that are begun through providers: each leaves a row for ten minutes. */
  @FromEnv('THROTTLE_ADDRESS_EXTERNAL_STARTS')
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  addressExternalStarts: number = 300;

  /**
   * Of refreshes by tokens that were never issued. A client never sends one; what does goes far past this.
   */
  @FromEnv('THROTTLE_ADDRESS_REFUSED_REFRESHES')
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  addressRefusedRefreshes: number = 300;

  /** A service has its secret from its settings: it is right or it is not. */
  @FromEnv('THROTTLE_ADDRESS_REFUSED_CLIENTS')
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  addressRefusedClients: number = 100;

  /** In a minute: a thousand a second is a gateway that asks about every request. */
  @FromEnv('THROTTLE_CLIENT_INTROSPECTIONS')
  @IsInt()
  @Min(1)
  @Max(10_000_000)
  clientIntrospections: number = 60_000;

  /** In a minute: a service that does not keep its tokens asks for one with every call. */
  @FromEnv('THROTTLE_CLIENT_TOKENS')
  @IsInt()
  @Min(1)
  @Max(10_000_000)
  clientTokens: number = 6_000;

  /** In a minute. Each is remembered by every process for as long as a token may live. */
  @FromEnv('THROTTLE_CLIENT_REVOCATIONS')
  @IsInt()
  @Min(1)
  @Max(10_000_000)
  clientRevocations: number = 600;

  /** In a minute: what people change of their own account they change by hand. */
  @FromEnv('THROTTLE_USER_WRITES')
  @IsInt()
  @Min(1)
  @Max(10_000_000)
  userWrites: number = 120;

  /** In a minute: ten a second is a script that makes roles, or gives them, one after the other. */
  @FromEnv('THROTTLE_ADMIN_WRITES')
  @IsInt()
  @Min(1)
  @Max(10_000_000)
  adminWrites: number = 600;

  /** A row of failures is forgotten a day after it began. */
  readonly rowSeconds = 86_400;

  get enabled(): boolean {
    return this.throttling === 'on';
  }

  productionRefusals(): string[] {
    return this.enabled ? [] : ['THROTTLING must not be off in production'];
  }
}
