import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { examineAudit } from '../client/audit/examineAudit.ts';
import { fetchReceipt } from '../client/audit/fetchReceipt.ts';
import type { Party } from '../client/party/Party.ts';
import { addRecord } from '../client/records/addRecord.ts';
import { readChart } from '../client/records/readChart.ts';
import { readRecord } from '../client/records/readRecord.ts';
import { bytesToHex, bytesToUtf8, utf8ToBytes } from '../crypto/bytes.ts';
import { leafHash } from '../crypto/merkle/leafHash.ts';
import { memoryTree } from '../crypto/merkle/memoryTree.ts';
import { formatCheckpoint } from '../crypto/note/checkpoint.ts';
import { createNoteKey } from '../crypto/note/NoteKey.ts';
import { signNote } from '../crypto/note/signNote.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Body } from '../protocol/evidence/evidence.ts';
import type { LogConflict, SignedEntry } from '../protocol/evidence/LogConflict.ts';
import { logOf } from '../protocol/network/networkLookups.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { conflictKey, rowsOf } from '../services/coordinator/coordinatorKeys.ts';
import type { RunningOrganisation } from './openOrganisation.ts';
import {
  behind,
  ORGANISATIONS,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from './test/testNetwork.ts';

/** A log that signed two histories: one came on the ledger, the other was presented to the laboratory alone. */

const LOG = 'care/hospital';
const closed = failsWith('LOG_CLOSED', { log: LOG });
let network: TestNetwork;
let care: Care;
/** The second copy of the hospital's node, whose history came on the ledger. */
let twin: RunningOrganisation;
/** A record that both histories have, one of the history that the ledger does not have, and one of the other. */
let base: Added;
let lost: Added;
let placed: Added;
let proof: LogConflict;

type Added = Awaited<ReturnType<typeof addRecord>>;

before(async () => {
  // Nothing is checkpointed but where the test says so, or a release waits for it.
  const policy = { maxEntries: 1_000_000, maxDelay: 1_000_000_000 };
  network = await startTestNetwork({ policy, guarded: true });
  care = await startCare(network);
  base = await added('base');
  await network.checkpoint();
  const saved = await network.save('hospital');
  silence('insurer');
  lost = await added('lost');
  twin = await network.double('hospital', saved);
  network.liars.coordinator.set('hospital', twin.coordinator);
  network.liars.contributor.set('hospital', twin.contributor);
  network.liars.coordinator.delete('insurer');
  silence('laboratory');
  placed = await added('placed', atTwin());
  await twin.administrator.checkpoint();
  network.liars.coordinator.delete('laboratory');
  await catchUp();
});
after(async () => {
  await twin.stop();
  await twin.close();
  await network.close();
});

/** Has an organisation judge and keep nothing for others. */
function silence(peer: string): void {
  const { coordinator } = network.services(peer);
  const away = async (): Promise<never> =>
    await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer }));
  const gone = { knownSize: away, show: away, judge: away, signCheckpoint: away };
  network.liars.coordinator.set(peer, { ...coordinator, ...gone });
}

async function catchUp(): Promise<void> {
  for (const name of ['laboratory', 'insurer']) await network.services(name).contributor.catchUp();
}

/** Does the work that coordinators do every ten minutes. */
async function collect(name: string): Promise<void> {
  await network.services(name).coordinator.collect(Math.floor(network.clock.now() / 1000));
}

/** The doctor at the second copy. */
function atTwin(): Party {
  return { ...care.doctor, agent: behind(care.doctor, twin.agent).agent };
}

/** A party at the node of another organisation. */
function at(name: string, { doctor }: Pick<Care, 'doctor'> = care): Party {
  return { ...doctor, network: network.file, agent: network.agent(name), log: `care/${name}` };
}

async function added(text: string, doctor: Party = care.doctor, amends?: Added): Promise<Added> {
  const { handle, right } = care;
  const own = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
  return await addRecord(doctor, {
    ...own,
    content: utf8ToBytes(text),
    ...(amends && { amends }),
  });
}

function requestOf({ acknowledgement }: Added): Body['request'] {
  return (JSON.parse(acknowledgement.body) as Body).request;
}

/** The texts of all records that a doctor reads on the chart. */
async function read(doctor: Party): Promise<readonly string[]> {
  const { handle, right } = care;
  const chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
  const texts: string[] = [];
  for (const record of chart.records) {
    const { content } = await readRecord(doctor, chart, record);
    texts.push(bytesToUtf8(content));
  }
  return texts.toSorted();
}

describe('a log that signed two histories', () => {
  it('is open until somebody can prove it', async () => {
    for (const name of ORGANISATIONS) {
      assert.deepEqual(await network.services(name).coordinator.closedLogs(), []);
    }
    await collect('laboratory');
    const row = await network.database('laboratory', 'coordinator').get(conflictKey(LOG));
    proof = JSON.parse(row ?? assert.fail('the laboratory finds it')) as LogConflict;
    for (const name of ['laboratory', 'insurer']) {
      assert.deepEqual(await network.services(name).coordinator.closedLogs(), [LOG], name);
    }
  });

  // @actor the organisation of a log with two histories | to go on with either of them once somebody has the proof
  it('takes nothing more in either history, and stays so after a start', async () => {
    await assert.rejects(added('more', atTwin()), closed);
    for (const name of ['laboratory', 'insurer']) await network.restart(name);
    await assert.rejects(added('more', atTwin()), closed);
    // This copy has not heard of the proof, and believes nobody without it.
    await assert.rejects(added('more'), failsWith('VERDICTS_MISSING'));
    const { coordinator } = network.services('laboratory');
    const asked = { log: LOG, note: '', entries: [], from: 0, verdicts: [] };
    await assert.rejects(coordinator.judge({ log: LOG, bodies: [] }), closed);
    await assert.rejects(coordinator.show(asked), closed);
    await assert.rejects(coordinator.signCheckpoint(asked), closed);
    await assert.rejects(coordinator.release({ log: LOG, recipient: '', views: [] }), closed);
    const other = await coordinator.judge({ log: 'care/insurer', bodies: [] });
    assert.deepEqual(other.refused, []);
  });

  it('takes nothing at its own organisation, once that has the proof', async () => {
    const own = network.services('hospital');
    await own.coordinator.takeConflict(proof);
    assert.deepEqual(await own.coordinator.closedLogs(), [LOG]);
    await assert.rejects(own.administrator.append([]), closed);
    await assert.rejects(own.administrator.checkpoint(), closed);
    // It asks nobody, who may have no proof and judge it.
    let asked = 0;
    for (const name of ['laboratory', 'insurer']) {
      const judge = async (): Promise<never> => {
        asked += 1;
        return await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: name }));
      };
      network.liars.coordinator.set(name, { ...network.services(name).coordinator, judge });
    }
    await assert.rejects(added('more'), closed);
    assert.equal(asked, 0);
    network.liars.coordinator.delete('laboratory');
    network.liars.coordinator.delete('insurer');
  });

  // @class an entry of a closed log that the ledger has | is refused to whoever sends its request again, and signed twice
  it('gives the first answer again to what is below a checkpoint, after a start too', async () => {
    network.liars.coordinator.clear();
    await network.restart('hospital');
    const [again] = await network.agent().submit([{ request: requestOf(base) }]);
    assert.deepEqual(again, { outcome: 'acknowledged', acknowledgement: base.acknowledgement });
    network.liars.coordinator.set('hospital', twin.coordinator);
  });

  // @class an organisation that came back from a backup of before the proof | opens the log there until the others start again
  it('is closed again at an organisation that forgot the proof', async () => {
    await collect('laboratory');
    await network.database('insurer', 'coordinator').del(conflictKey(LOG));
    await network.restart('insurer');
    assert.deepEqual(await network.services('insurer').coordinator.closedLogs(), []);
    await collect('laboratory');
    assert.deepEqual(await network.services('insurer').coordinator.closedLogs(), [LOG]);
  });

  it('is read at other organisations as the ledger has it, and what it lost is signed again there', async () => {
    const doctor = at('laboratory');
    assert.deepEqual(await read(doctor), ['base', 'placed']);
    await assert.rejects(fetchReceipt(doctor, lost.acknowledgement), failsWith('EVIDENCE_INVALID'));
    const receipt = await fetchReceipt(doctor, placed.acknowledgement);
    assert.deepEqual(receipt.acknowledgement, placed.acknowledgement);
    await added('lost', doctor);
    await added('amended', doctor, base);
    await network.checkpoint('laboratory');
    assert.deepEqual(await read(doctor), ['amended', 'base', 'lost', 'placed']);
  });

  it('is convicted in each audit at another organisation, with the proof', async () => {
    const patient = at('insurer', { doctor: care.patient });
    const checkpointing = behind(patient, {
      submit: async (submissions) => {
        const outcomes = await network.agent('insurer').submit(submissions);
        await network.services('insurer').administrator.checkpoint();
        await catchUp();
        return outcomes;
      },
    });
    const { logs } = await examineAudit(checkpointing);
    const { faults } = logs.find(({ log }) => log === LOG) ?? assert.fail();
    assert.ok(faults.some((each) => each.startsWith('it signed two entries')));
  });
});

describe('a log whose key was stolen', () => {
  let own: TestNetwork;
  let people: Care;

  before(async () => {
    own = await startTestNetwork({ guarded: true });
    people = await startCare(own);
  });
  after(async () => {
    await own.close();
  });

  /** Two entries that the thief signs, and that nobody was shown. */
  function forged(): LogConflict {
    const { primitives } = own.ports;
    const { origin } = logOf(own.file, LOG).log;
    const key = createNoteKey(origin, (own.keys.get('hospital') ?? assert.fail()).note);
    const side = (text: string): SignedEntry => {
      const entry = primitives.sha256(utf8ToBytes(text));
      const { size, root } = memoryTree(primitives, [leafHash(primitives, entry)]);
      const note = signNote(primitives, formatCheckpoint({ origin, size, root }), [key]);
      return { note, entry: bytesToHex(entry), proof: [] };
    };
    return { log: LOG, index: 0, one: side('one'), other: side('other') };
  }

  async function write(doctor: Party, text: string): Promise<Added> {
    const { handle, right } = people;
    const given = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
    return await addRecord(doctor, { ...given, content: utf8ToBytes(text) });
  }

  // @class a release that waits for the ledger while the proof comes that its log signed two histories | is given, and noted, all the same
  it('releases nothing that was asked for before the proof came, and notes no release', async () => {
    const { doctor, handle, right } = people;
    await write(doctor, 'guarded');
    await own.checkpoint();
    const chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
    const [record = assert.fail()] = chart.records;
    for (const name of ORGANISATIONS) {
      const { coordinator } = own.services(name);
      own.liars.coordinator.set(name, {
        ...coordinator,
        async release(request) {
          const released = coordinator.release(request);
          await Promise.all([coordinator.takeConflict(forged()), released.catch(() => undefined)]);
          return await released;
        },
      });
    }
    await assert.rejects(readRecord(doctor, chart, record), closed);
    for (const name of ORGANISATIONS) {
      const noted = await own.database(name, 'coordinator').keys(rowsOf('released')).all();
      assert.deepEqual(noted, [], name);
    }
    own.liars.coordinator.clear();
  });

  // @actor a thief of a log's present key, who signs two histories that nobody was shown | to close the log for good
  it('is open again under another key, and its organisation stays', async () => {
    await assert.rejects(write(people.doctor, 'more'), closed);
    await own.changeLogKey('hospital');
    const doctor = { ...people.doctor, network: own.file };
    await write(doctor, 'under another key');
    await own.checkpoint();
    for (const name of ORGANISATIONS) {
      const { coordinator } = own.services(name);
      assert.deepEqual(await coordinator.closedLogs(), []);
      await assert.rejects(coordinator.takeConflict(forged()), failsWith('EVIDENCE_INVALID'));
    }
  });
});
