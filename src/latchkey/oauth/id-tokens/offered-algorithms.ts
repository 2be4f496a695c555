import { Injectable } from '@nestjs/common';
import { AccessConfig } from '../../access/access.config.js';
import { requestErrors } from '../../platform/errors/request.errors.js';
import type { IdTokenAlgorithm } from './id-token-algorithm.js';

/** What clients may have their ID tokens signed by, as the settings say it. */
@Injectable()
export class OfferedAlgorithms {
  constructor(private readonly access: AccessConfig) {}

  /** @throws LatchkeyError `request.invalid` naming `idTokenSignedResponseAlg` */
  require(algorithm: IdTokenAlgorithm): void {
    const offered = ['RS256', this.access.algorithm];
    if (offered.includes(algorithm)) return;
    const message = `idTokenSignedResponseAlg must be one of ${[...new Set(offered)].join(', ')} here`;
    throw requestErrors.invalid({ fields: [{ field: 'idTokenSignedResponseAlg', message }] });
  }
}
