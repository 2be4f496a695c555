// Prints what the newest mail of a kind to an address holds, outside production and without a mail server; waits for it.
//   node mailed.mjs ada@example.com recovery code      the code
//   node mailed.mjs ada@example.com recovery token     what its link holds
const [to, purpose, what] = process.argv.slice(2);
const api = process.env.api ?? 'http://localhost:3000';
const GIVEN_UP_AFTER = Date.now() + 30_000;

for (;;) {
  const { items } = await (await fetch(`${api}/dev/mail`)).json();
  const mail = items.find((item) => item.to === to && item.purpose === purpose);
  if (mail !== undefined) {
    const token = mail.links.map((link) => /lko_[\w-]+/.exec(link)?.[0]).find(Boolean);
    process.stdout.write(`${what === 'token' ? token : mail.code}\n`);
    break;
  }
  if (Date.now() > GIVEN_UP_AFTER) throw new Error(`No mail ${purpose} has come to ${to}.`);
  await new Promise((done) => setTimeout(done, 200));
}
