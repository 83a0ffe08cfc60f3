import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { toEventSelector } from 'viem/utils';
import { consentAbi } from '../bindings/generated/consentAbi.ts';
import { registryAbi } from '../bindings/generated/registryAbi.ts';
import { systemClock } from '../folder/systemClock.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import { network, word } from '../protocol/test/sampleNetwork.ts';
import { LedgerIndex, RULE_ROW_BYTES } from './LedgerIndex.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const PATIENTS = 2000;
/** Grants of each patient; all but one are ended, as after some years. */
const GRANTS = 10;
const NUMBER = (value: number): string => value.toString(16).padStart(64, '0');

it(`an index of the ledger takes up to ${RULE_ROW_BYTES} bytes a row, and not half of it`, async (t) => {
  const logs = allLogs();
  const provider = {
    // As over HTTP, if no two texts are one.
    request: async ({ method }: { readonly method: string }): Promise<unknown> =>
      await Promise.resolve(
        method === 'eth_getLogs' ? JSON.parse(logs) : { number: '0x1', timestamp: '0x1' },
      ),
  };
  const index = new LedgerIndex({ provider, network, clock: systemClock });
  const before = used();
  await index.refresh();
  const bytes = (used() - before) / index.rows;
  t.diagnostic(`${bytes.toFixed(0)} bytes a row, ${index.rows} rows`);
  assert.equal(index.rows, PATIENTS * (3 + GRANTS));
  assert.ok(bytes <= RULE_ROW_BYTES);
  assert.ok(bytes > RULE_ROW_BYTES / 2);
});

/** All events, as the ledger sends them. */
function allLogs(): string {
  return JSON.stringify(Array.from({ length: PATIENTS }, (_, at) => logsOf(at)).flat());
}

/** A patient who is enrolled, commits to epochs, gives rights, and ends them but for the last. */
function logsOf(patient: number): readonly object[] {
  const handle = word(`handle ${patient}`);
  const party = `0x${'0'.repeat(24)}${word(`party ${patient}`).slice(26)}`;
  const grants = Array.from({ length: GRANTS }, (_, at) => word(`grant ${patient}/${at}`));
  return [
    logOf('Enrolled', [party, handle], [NUMBER(1), word('hospital'), word(`key ${patient}`)]),
    logOf('EpochsCommitted', [handle], [NUMBER(1), NUMBER(128), word(`root ${patient}`)]),
    ...grants.map((grant) => logOf('Granted', [handle, grant])),
    ...grants
      .slice(1)
      .flatMap((grant, at) => [
        logOf('EpochAdvanced', [handle], [NUMBER(at + 1), word(`packets of ${grant}`)]),
        logOf('Revoked', [handle, grant]),
      ]),
  ];
}

function logOf(name: string, topics: readonly string[], data: readonly string[] = []): object {
  const event = [...registryAbi, ...consentAbi].find(
    (item) => item.type === 'event' && item.name === name,
  );
  if (event?.type !== 'event') throw new Error(`there is no ${name}`);
  return {
    address: network.contracts.consent,
    topics: [toEventSelector(event), ...topics],
    data: `0x${data.map((each) => each.replace('0x', '')).join('')}`,
    blockNumber: '0x1',
    transactionHash: word(`${name} ${topics.join(' ')} ${data.join(' ')}`) satisfies Bytes32,
    logIndex: '0x0',
  };
}

/** Bytes that are held, once what is not has gone. */
function used(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
