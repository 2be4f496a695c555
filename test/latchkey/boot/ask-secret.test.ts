import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { askSecret } from '../../../src/latchkey/operations/cli/terminal.js';

/** What a terminal gives in raw mode: every key as it is pressed. */
function keyboard(): PassThrough & { isTTY: true; setRawMode(raw: boolean): void; raw: boolean } {
  const keys = Object.assign(new PassThrough(), { isTTY: true as const, raw: false });
  return Object.assign(keys, {
    setRawMode: (raw: boolean) => {
      keys.raw = raw;
    },
  });
}

function screen(): PassThrough & { shown(): string } {
  const output = new PassThrough();
  return Object.assign(output, { shown: () => String(output.read() ?? '') });
}

describe('asking for a password on a terminal', () => {
  it('shows the question and nothing of what is typed', async () => {
    const [keys, display] = [keyboard(), screen()];
    const answer = askSecret('Password: ', keys, display);
    expect(keys.raw).toBe(true);
    for (const key of 'hunter2') keys.write(key);
    keys.write('\r');
    expect(await answer).toBe('hunter2');
    expect(display.shown()).toBe('Password: \n');
    expect(keys.raw).toBe(false);
  });

  it('lets what is typed be corrected', async () => {
    const [keys, display] = [keyboard(), screen()];
    const answer = askSecret('Password: ', keys, display);
    keys.write('hunter3\x7f2\r');
    expect(await answer).toBe('hunter2');
    expect(display.shown()).not.toContain('hunter');
  });

  it('refuses an empty one', async () => {
    const keys = keyboard();
    const answer = askSecret('Password: ', keys, screen());
    keys.write('\r');
    await expect(answer).rejects.toThrow('No password was entered.');
  });
});

describe('reading a password from a pipe', () => {
  it('takes the first line, spaces included, and asks nothing', async () => {
    const [pipe, display] = [new PassThrough(), screen()];
    pipe.end(' correct horse \r\nanother line\n');
    expect(await askSecret('Password: ', pipe, display)).toBe(' correct horse ');
    expect(display.shown()).toBe('');
  });

  it('refuses one that is empty', async () => {
    const pipe = new PassThrough();
    pipe.end();
    await expect(askSecret('Password: ', pipe, screen())).rejects.toThrow('No password');
  });
});
