import { closeSync, openSync } from 'node:fs';
import { expect, it } from 'vitest';
import { BatchedOutput } from '../../../../src/latchkey/platform/logging/batched-output.js';

it('on a full disk the log counts every line that it loses, however long that lasts', () => {
  const disk = openSync('/dev/full', 'w');
  const told: number[] = [];
  const log = new BatchedOutput(disk, (lines) => {
    told.push(lines);
    return `${lines} lines were left out\n`;
  });
  for (const lines of [3, 2, 1]) {
    for (let line = 0; line < lines; line += 1) log.write('a line\n');
    log.flushSync();
  }
  log.write('a line\n');
  log.flushSync();
  closeSync(disk);
  expect(told).toEqual([3, 3 + 2, 3 + 2 + 1]);
});
