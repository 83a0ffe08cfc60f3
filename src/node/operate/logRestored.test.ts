import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LogFields } from './Logger.ts';
import { logRestored } from './logRestored.ts';

const ALL = ['hospital', 'laboratory', 'insurer', 'pharmacy'];

/** The lines of a process whose organisations have learnt what they missed, or not. */
function linesOf(learnt: Readonly<Record<string, boolean>>): readonly LogFields[] {
  const organisations = Object.entries(learnt).map(([organisation, has]) => {
    const others = ALL.filter((name) => name !== organisation);
    return [organisation, { rejoining: { learnt: has, needs: { least: 3, others } } }] as const;
  });
  const lines: LogFields[] = [];
  const warn = (event: string, fields: LogFields = {}): void => {
    assert.equal(event, 'restored from a backup');
    lines.push(fields);
  };
  logRestored({ warn }, new Map(organisations));
  return lines;
}

describe('the lines of a node that was restored', () => {
  it('name all others that each organisation must hear, also those of the same process', () => {
    assert.deepEqual(linesOf({ hospital: false, laboratory: true }), [
      { organisation: 'hospital', needs: 3, others: 'laboratory, insurer, pharmacy' },
    ]);
  });

  it('are absent if it has caught up, or if nobody has to be started first', () => {
    assert.deepEqual(linesOf({ hospital: true }), []);
    const alone = Object.fromEntries(ALL.map((name) => [name, false]));
    assert.deepEqual(linesOf(alone), []);
  });
});
