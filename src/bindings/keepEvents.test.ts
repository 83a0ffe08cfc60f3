import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { toEventSelector } from 'viem/utils';
import { evidenceAbi } from './generated/evidenceAbi.ts';
import { keepEvents } from './keepEvents.ts';
import type { LedgerProvider } from './LedgerProvider.ts';
import { LedgerRejection } from '../ledger/LedgerRejection.ts';
import type { RuleEvent } from './RuleEvent.ts';

/** Files that read the logs of a range at once, with the range. */
const AT_ONCE = {
  'portal/src/screens/explorer/readLedger.ts': 'one block, or 2,000 and then the next',
  'src/bindings/readBlocks.ts': 'a page of blocks',
  'src/client/audit/confirmPlace.ts': 'one block',
  'src/services/LedgerIndex.ts': 'one block',
};
const EVIDENCE = `0x${'ab'.repeat(20)}` as const;
const WIDEST = 8;
const BLOCKS = 200;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const checkpointed = evidenceAbi.find((item) => 'name' in item && item.name === 'Checkpointed');
assert.ok(checkpointed?.type === 'event');
const topic = toEventSelector(checkpointed);

function word(value: number): string {
  return value.toString(16).padStart(64, '0');
}

/** A ledger with a checkpoint in each block, which answers for few blocks at a time; tells how many answers live at once. */
function longLedger(): { readonly provider: LedgerProvider; readonly most: () => number } {
  const answers: WeakRef<object>[] = [];
  let most = 0;
  const provider: LedgerProvider = {
    async request({ method, params = [] }) {
      if (method === 'eth_blockNumber') return `0x${(BLOCKS - 1).toString(16)}`;
      const { fromBlock, toBlock } = params[0] as Record<'fromBlock' | 'toBlock', string>;
      const [from, to] = [Number(fromBlock), Number(toBlock)];
      if (to - from >= WIDEST) throw new LedgerRejection(-32005, 'too many');
      await new Promise(setImmediate);
      collect();
      most = Math.max(most, answers.filter((answer) => answer.deref() !== undefined).length);
      const logs = Array.from({ length: to - from + 1 }, (_, place) => ({
        address: EVIDENCE,
        topics: [topic, `0x${word(place % 2)}`],
        data: `0x${word(from + place + 1)}${word(7)}`,
        blockNumber: `0x${(from + place).toString(16)}`,
        transactionHash: `0x${word(from + place)}`,
        logIndex: '0x0',
      }));
      answers.push(new WeakRef(logs));
      return logs;
    },
  };
  return { provider, most: () => most };
}

function isRound(event: RuleEvent): event is Extract<RuleEvent, { kind: 'Checkpointed' }> {
  return event.kind === 'Checkpointed' && event.block % 50 === 0;
}

describe('events of the whole ledger', () => {
  it('are those that are kept, in order', async () => {
    const { provider } = longLedger();
    const kept = await keepEvents(provider, [EVIDENCE], isRound);
    assert.deepEqual(
      kept.map(({ block, size }) => [block, size]),
      [
        [0, 1],
        [50, 51],
        [100, 101],
        [150, 151],
      ],
    );
  });

  // @class the years that a ledger has run | fill the memory of whoever reads it whole
  it('are let go answer by answer, however old the ledger is', async () => {
    const { provider, most } = longLedger();
    await keepEvents(provider, [EVIDENCE], isRound);
    assert.ok(most() <= 2, `${most()} answers were held at once`);
  });

  it('are never read at once', () => {
    const cwd = new URL('../../', import.meta.url);
    const calls = globSync('{demo,src,portal/src}/**/*.{ts,tsx}', { cwd })
      .filter((path) => !path.includes('.test.') && path !== 'src/bindings/readLogs.ts')
      .filter((path) => /\breadLogs\(/.test(readFileSync(new URL(path, cwd), 'utf8')));
    assert.deepEqual(calls.toSorted(), Object.keys(AT_ONCE));
  });
});
