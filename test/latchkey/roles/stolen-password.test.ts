/** What somebody can do who has stolen the password of an account, and nothing else. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../../src/latchkey/audit/actor.js';
import { ChangeRole } from '../../../src/latchkey/roles/change-role.js';
import { claimsOf } from '../../builders/access-tokens.js';
import { PASSWORD, type SignedIn, signIn, signUpAdmin } from '../../builders/accounts.js';
import { SoftAuthenticator } from '../../builders/authenticator.js';
import { refresh } from '../../builders/sessions.js';
import { addTotp, challengeOf, codeOf, signInWithTotp } from '../../builders/totp-accounts.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { ISSUER, startTestApp } from '../../support/test-app.js';

const INSUFFICIENT = refused(401, 'access.assurance_insufficient');
const PROOF_NEEDED = refused(403, 'factors.mail_proof_needed');

let app: Awaited<ReturnType<typeof startTestApp>>;
let chief: Awaited<ReturnType<typeof addTotp>>;
beforeAll(async () => {
  app = await startTestApp();
  chief = await addTotp(app, await signUpAdmin(app));
  await app.nest
    .get(ChangeRole, { strict: false })
    .change('admin', { requiredAcr: 'aal2' }, OPERATOR);
});
afterAll(() => app[Symbol.asyncDispose]());

const as = ({ accessToken: token }: Pick<SignedIn, 'accessToken'>) => ({ token });
const listUsers = (who: Pick<SignedIn, 'accessToken'>) => app.api.get('/admin/users', as(who));

describe('of an admin without a second factor', () => {
  it('opens nothing of the role, and no second factor is added without the mailbox', async () => {
    const { email } = await signUpAdmin(app);
    const thief = await signIn(app.api, email);
    expect(claimsOf(thief.accessToken)).toMatchObject({ permissions: [], withheld: ['admin'] });
    expect(refusalOf(await listUsers(thief))).toEqual(INSUFFICIENT);

    const shown = { method: 'password', password: PASSWORD };
    const stepped = await app.api.post('/auth/step-up', shown, as(thief));
    expect(refusalOf(await listUsers(stepped.body))).toEqual(INSUFFICIENT);

    const { id, secret } = (await app.api.post('/auth/factors/totp', undefined, as(thief))).body;
    const confirm = { code: codeOf(secret) };
    const confirmed = await app.api.post(`/auth/factors/totp/${id}/confirm`, confirm, as(thief));
    expect(refusalOf(confirmed)).toEqual(PROOF_NEEDED);
    const made = (await app.api.post('/auth/passkeys/options', undefined, as(thief))).body;
    const credential = new SoftAuthenticator('latchkey.test', ISSUER).create(made.publicKey);
    const body = { challenge: made.challenge, credential };
    expect(refusalOf(await app.api.post('/auth/passkeys', body, as(thief)))).toEqual(PROOF_NEEDED);

    const { accessToken } = (await refresh(app.api, thief.refreshToken)).body;
    expect(refusalOf(await listUsers({ accessToken }))).toEqual(INSUFFICIENT);
  });

  it('is no lockout: its owner adds one by the mailbox, and has the role in the same session', async () => {
    const owner = await signUpAdmin(app);
    expect(refusalOf(await listUsers(owner))).toEqual(INSUFFICIENT);
    await addTotp(app, owner);
    const { accessToken } = (await refresh(app.api, owner.refreshToken)).body;
    expect(claimsOf(accessToken)).toMatchObject({ sid: owner.sessionId, permissions: ['*'] });
    expect((await listUsers({ accessToken })).status).toBe(200);
  });
});

describe('of an admin with a second factor', () => {
  it('signs in nowhere, and the owner goes on', async () => {
    await challengeOf(app.api, chief.email);
    expect((await listUsers(await signInWithTotp(app, chief))).status).toBe(200);
  });

  it('raises no session that is older than the factor', async () => {
    const { email } = await signUpAdmin(app);
    const older = await signIn(app.api, email);
    await addTotp(app, await signIn(app.api, email));
    const shown = { method: 'password', password: PASSWORD };
    const { body } = await app.api.post('/auth/step-up', shown, as(older));
    expect(refusalOf(await listUsers(body))).toEqual(INSUFFICIENT);
  });
});
