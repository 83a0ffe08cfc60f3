import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { nobleGroup } from '../../crypto/threshold/nobleGroup.ts';
import { scalarBytes } from '../../crypto/threshold/scalars.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { Channel, NetworkFile } from '../../protocol/network/NetworkFile.ts';
import {
  draftSuccessor,
  signSuccessor,
  type SeatKey,
} from '../../protocol/network/signSuccessor.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import { successorOf } from '../../protocol/network/successorOf.ts';
import { termsOf } from '../../protocol/test/sampleSuccessors.ts';
import type { Party } from '../party/Party.ts';
import { addRecord } from './addRecord.ts';
import { readChart } from './readChart.ts';
import { readRecord } from './readRecord.ts';

/** A reader whose party was opened before the shares of the release key were dealt again. */

const SECRET = utf8ToBytes('a guarded note');

let network: TestNetwork;
let care: Care;
/** The network as it was, with other shares of the same key. */
let old: NetworkFile;
let change: Successor;

before(async () => {
  network = await startTestNetwork({ guarded: true });
  care = await startCare(network);
  const { doctor, handle, right } = care;
  const version = { handle, category: 'vitals', content: SECRET, purpose: 'TREAT' } as const;
  await addRecord(doctor, { ...version, grant: right.grant });
  const channels = network.file.channels.map(withOtherShares);
  old = { ...network.file, channels };
  const from = (old.ledger.timestamp ?? 0) + 1;
  const terms = { ...termsOf(old, from), channels: network.file.channels };
  change = signSuccessor(doctor, old, draftSuccessor(doctor, old, terms), seats());
});
after(async () => await network.close());

function withOtherShares({ release = assert.fail(), ...channel }: Channel): Channel {
  const shares = release.shares.map((share, place) => {
    const key = bytesToHex(nobleGroup.base(scalarBytes(BigInt(place + 2))));
    return { ...share, key };
  });
  return { ...channel, release: { ...release, shares } };
}

function seats(): readonly SeatKey[] {
  const coordinators = [...network.keys.values()].map(({ coordinator }) => coordinator);
  return [...network.authorityKeys, ...coordinators];
}

/** The doctor under the file of before, at a node that runs by the one that follows. */
function doctorOf(successor: Successor): Party {
  const next = successorOf(care.doctor.primitives, old, successor);
  const successors = [successor];
  const agent = Object.create(care.doctor.agent) as AgentPort;
  Object.assign(agent, {
    network: async () => await Promise.resolve(next),
    successors: async () => {
      return await Promise.resolve({ format: 'medseal-successors/1', successors } as const);
    },
  });
  return { ...care.doctor, network: old, agent };
}

async function read(doctor: Party): Promise<Uint8Array> {
  const { handle, right } = care;
  const chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
  const [record = assert.fail()] = chart.records;
  return (await readRecord(doctor, chart, record)).content;
}

describe('a reader under the network file of before', () => {
  it('opens what was released by shares that were dealt again meanwhile', async () => {
    assert.deepEqual(await read(doctorOf(change)), SECRET);
  });

  // @attack a node says that shares were dealt again, so that a reader takes others for true | the successor must be signed by all who hold them
  it('takes no shares for true that only a node says were dealt again', async () => {
    const forged = [
      { ...change, signatures: change.signatures.slice(0, -1) },
      { ...change, signatures: [] },
      { ...change, from: Math.floor(network.clock.now() / 1000) + 7200 },
    ];
    for (const successor of forged) {
      await assert.rejects(
        read(doctorOf(successor)),
        (error) => error instanceof MedsealError && error.code === 'RELEASE_PENDING',
      );
    }
  });
});
