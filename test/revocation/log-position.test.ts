import { beforeEach, describe, expect, it } from '@jest/globals';
import { LogPosition } from '../../src/revocation/log-position.js';

const SECOND = 1_000;

let position: LogPosition;

beforeEach(() => {
  position = new LogPosition();
});

function gaps(): string[] {
  return position.gaps.map(({ after, before }) => `${after}-${before}`);
}

describe('the position in the log', () => {
  it('has no gaps where every id was read', () => {
    position.advance([1, 2, 3], 0);
    position.advance([], 0);
    position.advance([4, 5], 0);
    expect(position.highestId).toBe(5);
    expect(gaps()).toEqual([]);
  });

  it('remembers ids that were passed over, since they may yet commit', () => {
    position.advance([3, 4, 8], 0);
    position.advance([10], 0);
    expect(gaps()).toEqual(['0-3', '4-8', '8-10']);
  });

  it('closes a gap by what appeared in it', () => {
    position.advance([1, 8], 0);
    position.settle([4], SECOND);
    expect(gaps()).toEqual(['1-4', '4-8']);
    position.settle([2, 3], SECOND);
    expect(gaps()).toEqual(['4-8']);
    position.settle([5, 6, 7], SECOND);
    expect(gaps()).toEqual([]);
  });

  it('gives a gap up only after asking for it a minute later', () => {
    position.advance([1, 3], 0);
    position.settle([], 60 * SECOND);
    expect(gaps()).toEqual(['1-3']);
    position.settle([], 60 * SECOND + 1);
    expect(gaps()).toEqual([]);
  });

  it('counts that minute from when the gap was seen, however much of it has been closed', () => {
    position.advance([1, 5], 0);
    position.settle([3], 50 * SECOND);
    position.settle([], 61 * SECOND);
    expect(gaps()).toEqual([]);
  });
});
