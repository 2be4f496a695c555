import { describe, expect, it } from 'vitest';
import {
  findLogPosition,
  LOG_START,
  writeLogPosition,
} from '../../../../src/latchkey/tokens/revocation/log/log-position.js';

describe('how far the stream is complete, as Redis keeps it', () => {
  it.each([
    LOG_START,
    { snapshot: '740:745:741,743', highestId: 17, writtenAt: '1795860604.632000' },
  ])('is read as it was written: %j', (position) => {
    expect(findLogPosition(writeLogPosition(position))).toEqual(position);
  });

  it.each([
    null,
    '',
    '1795860604632',
    '{}',
    '[]',
    '["0:1:",1,null]',
    '["740:745:\'",1,null]',
    '["740:745:741",1.5,null]',
    '["740:745:741","1",null]',
    '["740:745:741",1,2]',
    '["99999999999999999999:1:",1,null]',
  ])('is unknown where it makes no sense: %s', (text) => {
    expect(findLogPosition(text)).toBeNull();
  });
});
