import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { randomBytes } from '@noble/hashes/utils.js';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { dealShares } from '../../node/founding/dealShares.ts';
import {
  BEGIN,
  behind,
  ORGANISATIONS,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { followSuccessors } from '../../protocol/network/followSuccessors.ts';
import {
  draftSuccessor,
  signSuccessor,
  type SeatKey,
} from '../../protocol/network/signSuccessor.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { termsOf } from '../../protocol/test/sampleSuccessors.ts';
import { addRecord } from '../records/addRecord.ts';
import { readChart } from '../records/readChart.ts';
import { readRecord } from '../records/readRecord.ts';
import type { Party } from './Party.ts';

/** The network has one release key; the party was opened under a file that names another one. */
let network: TestNetwork;
let care: Care;
let former: NetworkFile;
let signed: Successor;

before(async () => {
  network = await startTestNetwork({ guarded: true });
  care = await startCare(network);
  const { release } = dealShares(network.ports.primitives.group, ORGANISATIONS, 2, randomBytes);
  const channels = network.file.channels.map((each) => ({ ...each, release }));
  former = { ...network.file, channels };
  signed = successorBy(2);
});
after(async () => await network.close());

/** The successor that names the network's release key, signed by so many organisations. */
function successorBy(count: number): Successor {
  const { channels } = network.file;
  const terms = { ...termsOf(former, BEGIN + 60), channels };
  const keys: SeatKey[] = [
    ...network.authorityKeys,
    ...[...network.keys.values()].map(({ coordinator }) => coordinator),
  ];
  const draft = draftSuccessor(network.ports, former, terms);
  const all = signSuccessor(network.ports, former, draft, keys);
  return count === 2 ? all : { ...all, signatures: all.signatures.slice(0, 1) };
}

interface Opened {
  readonly party: Party;
  /** Number of requests that the node was asked. */
  readonly count: () => number;
}

/** The doctor, opened under the former file, at a node that gives the network file and its successors. */
function opened(theirs: NetworkFile, successors: readonly Successor[]): Opened {
  let count = 0;
  const { doctor } = care;
  const party = behind(doctor, {
    network: async () => await Promise.resolve(theirs),
    successors: async () => await Promise.resolve({ format: 'medseal-successors/1', successors }),
    submit: async (submissions: readonly Submission[]) => {
      count += submissions.length;
      return await doctor.agent.submit(submissions);
    },
  });
  // A file of its own: nothing is known of it from other parties.
  return { party: { ...party, network: structuredClone(former) }, count: () => count };
}

async function add(party: Party, text: string, once?: string): Promise<unknown> {
  const { handle, right } = care;
  const version = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
  const named = once !== undefined && { once };
  return await addRecord(party, { ...version, content: utf8ToBytes(text), ...named });
}

async function texts(): Promise<readonly string[]> {
  const { doctor, handle, right } = care;
  const chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
  const read = chart.records.map(async (record) => {
    return bytesToUtf8((await readRecord(doctor, chart, record)).content);
  });
  return await Promise.all(read);
}

describe('a party that was opened before its channel got another release key', () => {
  it('seals under the present key once its node refused the former one, and from then on at once', async () => {
    const [, next = assert.fail()] = followSuccessors(network.ports, former, {
      format: 'medseal-successors/1',
      successors: [signed],
    });
    const { party, count } = opened(next, [signed]);
    await add(party, 'one');
    assert.equal(count(), 2, 'refused once');
    await add(party, 'two', 'two');
    assert.equal(count(), 3);
    assert.deepEqual(await texts(), ['one', 'two']);
  });

  // @attack a node refuses a sound seal, to have a client seal under a release key of its own making | only a file that follows by its signatures counts; else nothing is sealed again
  it('follows no file that too few signed, that is not a successor, or that is another network’s', async () => {
    const [, next = assert.fail()] = followSuccessors(network.ports, former, {
      format: 'medseal-successors/1',
      successors: [signed],
    });
    const before = await texts();
    const lies: readonly (readonly [NetworkFile, readonly Successor[]])[] = [
      [next, []],
      [next, [successorBy(1)]],
      [next, [{ ...signed, from: signed.from + 1 }]],
      [network.file, []],
      [{ ...next, networkId: `0x${'11'.repeat(32)}` }, [signed]],
      [former, []],
    ];
    for (const [theirs, successors] of lies) {
      const { party, count } = opened(theirs, successors);
      await assert.rejects(add(party, 'three'), failsWith('SEAL_UNGUARDED'));
      assert.equal(count(), 1, 'nothing is sealed again');
    }
    assert.deepEqual(await texts(), before);
  });
});
