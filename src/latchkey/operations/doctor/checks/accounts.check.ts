import { UserBatchStore } from '../../../users/accounts/store/user-batch-store.js';
import { UnfitAddresses } from '../../../users/accounts/unfit-addresses.js';
import type { Check } from '../check.js';
import { notice, ok } from '../finding.js';

/** Which accounts have an address that could not be registered today. */
export const accountsCheck: Check = {
  part: 'accounts',
  needs: 'database',
  async *examine({ database }) {
    if (database === undefined) return;
    let count = 0;
    for await (const one of new UnfitAddresses(new UserBatchStore(database)).find()) {
      count += 1;
      yield notice(
        `${one.userId}  ${quoted(one.email)}  ${one.problem}`,
        'It goes on working for a person who types it as it was written.',
      );
    }
    const what = `${count} accounts have an address that would not be accepted today.`;
    yield count === 0 ? ok(what) : notice(what);
  },
};

/** Shows what cannot be seen, too: how else would one address differ from another. */
function quoted(text: string): string {
  const escaped = text.replace(
    /[^\p{L}\p{N}\p{P}\p{S} ]|\p{Default_Ignorable_Code_Point}/gu,
    (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`,
  );
  return `"${escaped}"`;
}
