import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Party } from '../../../src/client/index.ts';
import { afterNews, noteNews } from './afterNews.ts';

/** A party whose time passes when it is told. */
function partyInTime(): { readonly party: Party; readonly pass: () => void } {
  const due: (() => void)[] = [];
  const clock = {
    now: () => 0,
    after: (_: number, run: () => void) => {
      due.push(run);
      return () => undefined;
    },
  };
  const pass = (): void => {
    for (const run of due) run();
  };
  return { party: { clock } as unknown as Party, pass };
}

it('the rest of Home goes on once the news is shown, now and later', async () => {
  const { party } = partyInTime();
  let isOn = false;
  const waiting = afterNews(party).then(() => {
    isOn = true;
  });
  await Promise.resolve();
  assert.equal(isOn, false);
  noteNews(party);
  await waiting;
  await afterNews(party);
});

// @attack a node holds the audit back so that Home shows nothing else either | the rest waits for a second at most
it('the rest of Home goes on without news after a moment', async () => {
  const { party, pass } = partyInTime();
  const waiting = afterNews(party);
  pass();
  await waiting;
});
