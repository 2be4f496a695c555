import { expect, it } from 'vitest';
import { teamContract } from '../support/team-contract.js';
import { startYourApp } from '../support/your-app.js';

// A difference is a change of who may call what: review it as one, then `npm test -- test/app/contract -u`.
// The first run with a new feature writes its snapshot: commit it.
it('the routes of your features demand and answer what they did', async () => {
  await using app = await startYourApp();
  const contract = await teamContract(app);
  expect([...contract.keys()]).not.toContain('auth');
  for (const [feature, lines] of contract) expect(lines).toMatchSnapshot(feature);
});
