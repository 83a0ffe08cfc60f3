import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { requireKeep } from '../../../../src/protocol/rights/requireKeep.ts';
import { keepChoices } from './keepChoices.ts';

const NOW = 1_800_000_000;
const HOUR = 3600;

function values(end: number): readonly string[] {
  return keepChoices(NOW, end).map(({ value }) => value);
}

describe('times to keep a record for', () => {
  it('are 12 hours, a day and a week if the right holds for longer, or without an end', () => {
    for (const end of [Infinity, NOW + 30 * 24 * HOUR]) {
      assert.deepEqual(values(end), ['half-day', 'day', 'week']);
    }
  });

  it('end with the right if that ends before', () => {
    assert.deepEqual(values(NOW + 48 * HOUR), ['half-day', 'day', 'end']);
    assert.deepEqual(values(NOW + 24 * HOUR), ['half-day', 'end']);
    assert.deepEqual(keepChoices(NOW, NOW + HOUR), [{ value: 'end', until: NOW + HOUR }]);
  });

  it('are not there once the right has ended', () => {
    assert.deepEqual(values(NOW), []);
    assert.deepEqual(values(NOW - 1), []);
  });

  it('are taken by every judge whose clock is up to a minute behind', () => {
    for (const end of [Infinity, NOW + 24 * HOUR, NOW + HOUR]) {
      for (const { until } of keepChoices(NOW, end)) requireKeep(until, NOW - 60, end);
    }
  });
});
