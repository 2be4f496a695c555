import { createSocket, type Socket } from 'node:dgram';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addressesOfName } from '../../../../src/latchkey/platform/http/addresses-of-name.js';

const HEADER_BYTES = 12;
const [A, AAAA] = [1, 28];
const NO_SUCH_NAME = 3;
/** What it knows, by the type of the question. Of any other name it says that there is none. */
const RECORDS: Readonly<Record<number, Buffer>> = {
  [A]: Buffer.from([93, 184, 215, 14]),
  [AAAA]: Buffer.from('2606280002200001024818930000025c'.slice(0, 32), 'hex'),
};

let server: Socket;
let servers: string[];
beforeAll(async () => {
  server = createSocket('udp4');
  server.on('message', (question, { port, address }) => {
    const answer = answerTo(question);
    if (answer !== null) server.send(answer, port, address);
  });
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
  servers = [`127.0.0.1:${server.address().port}`];
});
afterAll(() => server.close());

/** RFC 1035 section 4.1. Null: it says nothing. */
function answerTo(question: Buffer): Buffer | null {
  const name = nameIn(question);
  if (name === 'silent.example.com') return null;
  const end = HEADER_BYTES + name.length + 2;
  const asked = question.subarray(HEADER_BYTES, end + 4);
  const type = question.readUInt16BE(end);
  const isKnown = name === 'both.example.com' || (name === 'one.example.com' && type === A);
  const data = isKnown ? RECORDS[type] : undefined;
  const header = Buffer.alloc(HEADER_BYTES);
  question.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180 | (name.startsWith('none') ? NO_SUCH_NAME : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(data === undefined ? 0 : 1, 6);
  if (data === undefined) return Buffer.concat([header, asked]);
  const record = Buffer.alloc(12);
  record.writeUInt16BE(0xc000 | HEADER_BYTES, 0);
  record.writeUInt16BE(type, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt32BE(60, 6);
  record.writeUInt16BE(data.length, 10);
  return Buffer.concat([header, asked, record, data]);
}

function nameIn(question: Buffer): string {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
    labels.push(question.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return labels.join('.');
}

const patience = () => AbortSignal.timeout(5_000);

it('of a name that has both kinds are both, those of IPv4 first', async () => {
  expect(await addressesOfName('both.example.com', patience(), servers)).toEqual([
    '93.184.215.14',
    '2606:2800:220:1:248:1893:0:25c',
  ]);
});

it('of a name that has one kind are those', async () => {
  expect(await addressesOfName('one.example.com', patience(), servers)).toEqual(['93.184.215.14']);
});

it('of a name that there is not are none', async () => {
  await expect(addressesOfName('none.example.com', patience(), servers)).rejects.toThrow(
    /ENOTFOUND|ENODATA/,
  );
});

it('are given up when they are called off', async () => {
  const calledOff = AbortSignal.timeout(50);
  await expect(addressesOfName('silent.example.com', calledOff, servers)).rejects.toThrow(
    'ECANCELLED',
  );
});
