import type { Profile } from '../../../../../src/latchkey/published/client/index.js';
import { client, passkeys } from '../../client.js';
import { problemOf } from '../../words/problems.js';
import { passkeySection } from './passkeys.js';
import { secondStepSection } from './second-steps.js';

/** How the owner signs in besides the password. */
export function factorSections({ email }: Profile): HTMLElement[] {
  const refresh = async () => {
    const { items } = await client.listFactors();
    for (const { show } of sections) show(items);
    // What browsers offer follows what the account has.
    await passkeys.tellBrowser();
  };
  const page = { email, refresh };
  const sections = [passkeySection(page), secondStepSection(page)];
  refresh().catch((error) => {
    for (const { root } of sections) {
      const status = root.querySelector('.status');
      if (status !== null) status.textContent = problemOf(error);
    }
  });
  return sections.map(({ root }) => root);
}
