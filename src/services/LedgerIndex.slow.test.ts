import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ClassicLevel } from 'classic-level';
import { toEventSelector } from 'viem/utils';
import { consentAbi } from '../bindings/generated/consentAbi.ts';
import { registryAbi } from '../bindings/generated/registryAbi.ts';
import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { RowStore } from '../database/rows/RowStore.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { systemClock } from '../folder/systemClock.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import { network, word } from '../protocol/test/sampleNetwork.ts';
import { LedgerIndex, RULE_ROW_BYTES } from './LedgerIndex.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
/** Grants of each patient; all but one are ended, as after some years. */
const GRANTS = 10;
/** Patients of whom the ledger gives the events in one answer. */
const AT_ONCE = 200;
const NUMBER = (value: number): string => value.toString(16).padStart(64, '0');

/** A ledger with a patient in each block, as over HTTP: no two texts are one. */
function ledgerOf(patients: () => number): LedgerProvider {
  return {
    request: async ({ method, params }) => {
      if (method === 'eth_getBlockByNumber') {
        const asked = params?.[0] === 'latest' ? patients() - 1 : Number(params?.[0]);
        const number = `0x${asked.toString(16)}`;
        return await Promise.resolve({ number, timestamp: '0x1', hash: word(`block ${number}`) });
      }
      const [{ fromBlock, toBlock }] = params as [Record<'fromBlock' | 'toBlock', string>];
      const [from, to] = [Number(fromBlock), Number(toBlock)];
      if (to - from >= AT_ONCE) {
        throw new MedsealError('LEDGER_REJECTED', { code: -32_005, reason: 'too wide' });
      }
      const logs = Array.from({ length: to - from + 1 }, (_, at) => logsOf(from + at)).flat();
      return await Promise.resolve(JSON.parse(JSON.stringify(logs)));
    },
  };
}

it(`a row of an index in memory takes up to ${RULE_ROW_BYTES} bytes, and not half of it`, async (t) => {
  const provider = ledgerOf(() => 2000);
  const index = new LedgerIndex({ provider, network, clock: systemClock });
  const before = used();
  await index.refresh();
  const bytes = (used() - before) / index.rows;
  t.diagnostic(`${bytes.toFixed(0)} bytes a row, ${index.rows} rows`);
  assert.equal(index.rows, 2000 * (3 + GRANTS));
  assert.ok(bytes <= RULE_ROW_BYTES);
  assert.ok(bytes > RULE_ROW_BYTES / 2);
});

it('an index on the disk takes hardly more memory for twice the rows, and answers for the first of them', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'medseal-index-'));
  const database = new ClassicLevel(folder);
  try {
    let patients = 4000;
    const rows = await RowStore.open(database, 'basis');
    const provider = ledgerOf(() => patients);
    const index = new LedgerIndex({ provider, network, clock: systemClock, rows });
    await index.refresh();
    const first = used();
    patients *= 2;
    await index.refresh();
    const more = used() - first;
    const bytes = more / (index.rows / 2);
    t.diagnostic(`${bytes.toFixed(0)} bytes for each further row, ${index.rows} rows`);
    assert.equal(index.rows, patients * (3 + GRANTS));
    assert.ok(bytes < RULE_ROW_BYTES / 4);
    assert.equal(index.activeGrants(word('handle 0')).length, 1);
    assert.equal(index.grant(word('grant 0/1'))?.state, 'ended');
  } finally {
    await database.close();
    await rm(folder, { recursive: true });
  }
});

/** A patient who is enrolled, commits to epochs, gives rights, and ends them but for the last. */
function logsOf(patient: number): readonly object[] {
  const block = `0x${patient.toString(16)}`;
  const handle = word(`handle ${patient}`);
  const party = `0x${'0'.repeat(24)}${word(`party ${patient}`).slice(26)}`;
  const grants = Array.from({ length: GRANTS }, (_, at) => word(`grant ${patient}/${at}`));
  return [
    logOf(
      block,
      'Enrolled',
      [party, handle],
      [NUMBER(1), word('hospital'), word(`key ${patient}`)],
    ),
    logOf(block, 'EpochsCommitted', [handle], [NUMBER(1), NUMBER(128), word(`root ${patient}`)]),
    ...grants.map((grant) => logOf(block, 'Granted', [handle, grant])),
    ...grants
      .slice(1)
      .flatMap((grant, at) => [
        logOf(block, 'EpochAdvanced', [handle], [NUMBER(at + 1), word(`packets of ${grant}`)]),
        logOf(block, 'Revoked', [handle, grant]),
      ]),
  ];
}

function logOf(
  block: string,
  name: string,
  topics: readonly string[],
  data: readonly string[] = [],
): object {
  const event = [...registryAbi, ...consentAbi].find(
    (item) => item.type === 'event' && item.name === name,
  );
  if (event?.type !== 'event') throw new Error(`there is no ${name}`);
  return {
    address: network.contracts.consent,
    topics: [toEventSelector(event), ...topics],
    data: `0x${data.map((each) => each.replace('0x', '')).join('')}`,
    blockNumber: block,
    transactionHash: word(`${name} ${topics.join(' ')} ${data.join(' ')}`) satisfies Bytes32,
    logIndex: '0x0',
  };
}

/** Bytes that are held, once what is not has gone. */
function used(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
