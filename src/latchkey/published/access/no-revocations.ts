import { RevocationList, type RevocationVerdict } from '../../access/revocation-list.js';

/** Without Redis nothing is heard of revocations: a token is good until it expires. */
export class NoRevocations extends RevocationList {
  override verdict(): RevocationVerdict {
    return 'live';
  }
}
