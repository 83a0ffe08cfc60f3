import assert from 'node:assert/strict';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { suspend } from '../../node/test/suspend.ts';
import { furtherDevice } from '../../node/test/furtherDevice.ts';
import type { TestNetwork } from '../../node/test/testNetwork.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import { acceptRecipient } from '../rights/acceptRecipient.ts';
import { addRecord } from '../records/addRecord.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { eraseKeys } from '../epochs/eraseKeys.ts';
import { grantRight, type GrantGiven, type RightGiven } from '../rights/grantRight.ts';
import type { LoggedVersion } from '../records/logVersion.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from '../state/PatientState.ts';
import { readChart } from '../records/readChart.ts';
import { readRecords } from '../records/readRecords.ts';
import { refreshPackets } from '../epochs/refreshPackets.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { DIED, dyingDevice } from './dyingDevice.ts';

const HOUR = 3600;
/** Notes on every chart at first. */
const NOTES = ['pulse', 'blood', 'image', 'image, amended'];

/** A patient's chart with someone who may add, readers whose rights end at different times, and one of one record. */
interface Chart {
  readonly patient: Party;
  readonly author: Party;
  readonly writing: GrantGiven;
  readonly readers: readonly { readonly party: Party; readonly right: GrantGiven }[];
  /** The last of them but the one of one record: it outlives the others, so most is sealed ahead to it. */
  readonly last: { readonly party: Party; readonly right: GrantGiven };
  readonly shared: LoggedVersion;
}

/** Parties on every chart. */
interface Cast {
  readonly author: Party;
  readonly reader: Party;
  readonly specialist: Party;
}

/** A deed of a patient's device that may be cut off. */
export type Deed = (chart: Chart, patient: Party) => Promise<unknown>;

function until(network: TestNetwork, hours: number): number {
  return Math.floor(network.clock.now() / 1000) + hours * HOUR;
}

function whole(network: TestNetwork, grantee: Party, hours: number): RightGiven {
  const categories: readonly Category[] = ['vitals', 'laboratory', 'imaging'];
  const right = { categories, actions: ['read'], purpose: 'TREAT' } as const;
  return { ...right, grantee: grantee.address, until: until(network, hours) };
}

/** Everything that a patient's device does that changes what it knows. */
export function deedsOn(network: TestNetwork): ReadonlyMap<string, Deed> {
  return new Map<string, Deed>([
    ['a commitment', async (_, patient) => await commitEpochs(patient, 40)],
    [
      'a grant',
      async ({ author }, patient) => await grantRight(patient, whole(network, author, 9)),
    ],
    [
      'a grant of one record',
      async ({ author, shared }, patient) =>
        await grantRight(patient, { ...whole(network, author, 9), record: shared.record }),
    ],
    ['a revocation', async ({ last }, patient) => await revokeRight(patient, last.right.digest)],
    [
      'a connection',
      async (chart, patient) => {
        await add(chart, 'vitals', 'amended later', chart.shared);
        await refreshPackets(patient);
      },
    ],
    [
      'an accepted recipient',
      async ({ last: { party } }, patient) => {
        const fingerprint = recipientHash(party.primitives, party.recipient);
        await acceptRecipient(patient, { grantee: party.address, fingerprint });
      },
    ],
    ['an erasure', async (_, patient) => await eraseKeys(patient, 'imaging')],
  ]);
}

/**
 * Cuts a deed off after calls of the patient's device, each on another chart, and requires each time that the 24 words
 * alone bring everything back, that nobody who may read is given a key that is wrong, and that the device goes on.
 *
 * @param network - Network to do it in.
 * @param deed - Deed to cut off.
 * @param choose - Of the names of its calls, the numbers of those after which it is cut off.
 * @returns Number of calls, and of cuts.
 */
export async function cutDeed(
  network: TestNetwork,
  deed: Deed,
  choose: (calls: readonly string[]) => readonly number[],
): Promise<{ readonly calls: number; readonly cuts: number }> {
  const doctor = async (): Promise<Party> => await network.party('doctor');
  const cast = { author: await doctor(), reader: await doctor(), specialist: await doctor() };
  const rehearsal = await startChart(network, cast);
  const counted = dyingDevice(rehearsal.patient, Infinity, true);
  await deed(rehearsal, counted.party);
  const calls = counted.calls().length;
  const places = choose(counted.calls());
  for (const step of places) {
    const chart = await startChart(network, cast);
    // A call that is not done leaves the state after the one before.
    const { party } = dyingDevice(chart.patient, step, true);
    const where = `call ${step} of ${calls}`;
    await deed(chart, party).catch((error: Error) => assert.equal(error.message, DIED, where));
    await requireIntact(network, chart, step, where);
  }
  return { calls, cuts: places.length };
}

async function startChart(network: TestNetwork, cast: Cast): Promise<Chart> {
  const { author, reader, specialist } = cast;
  const patient = await network.party('patient');
  const suspended = await network.party('doctor');
  await commitEpochs(patient, 2);
  const writing = await grantRight(patient, {
    ...whole(network, author, 8),
    actions: ['add', 'amend'],
  });
  const empty = { patient, author, writing };
  await add(empty, 'vitals', 'pulse');
  await add(empty, 'laboratory', 'blood');
  const original = await add(empty, 'imaging', 'image');
  const shared = await add(empty, 'imaging', 'image, amended', original);
  const readers: { party: Party; right: GrantGiven }[] = [];
  // Rights with dates, given in one epoch: each has more epochs committed to.
  for (const [place, party] of [reader, suspended].entries()) {
    readers.push({ party, right: await grantRight(patient, whole(network, party, place + 1)) });
  }
  const last = readers.at(-1);
  assert.ok(last);
  const one = { ...whole(network, specialist, 8), record: shared.record };
  readers.push({ party: specialist, right: await grantRight(patient, one) });
  return { ...empty, readers, last, shared };
}

async function add(
  { author, writing }: Pick<Chart, 'author' | 'writing'>,
  category: Category,
  note: string,
  amended?: LoggedVersion,
): Promise<LoggedVersion> {
  const { grant } = writing;
  const amends = amended;
  return await addRecord(author, {
    handle: grant.handle,
    category: amends === undefined ? category : 'imaging',
    content: utf8ToBytes(note),
    purpose: 'TREAT',
    grant,
    ...(amends && { amends }),
  });
}

/** Reads every note of a chart as a party, or the reason why not. */
async function allRead(party: Party, right?: GrantGiven): Promise<readonly string[]> {
  const { handle } = right?.grant ?? (await readPatientState(party));
  const own = { handle, purpose: 'PATRQT' } as const;
  const chart = await readChart(
    party,
    right ? { handle, grant: right.grant, purpose: 'TREAT' } : own,
  );
  const texts: string[] = [];
  for await (const read of readRecords(party, chart, chart.records)) {
    texts.push('error' in read ? read.error.code : bytesToUtf8(read.content));
  }
  return texts;
}

/** Opens the patient on a device that has only the words. */
async function fromWords(network: TestNetwork, patient: Party, where: string): Promise<Party> {
  const party = await furtherDevice(network, patient);
  const { unknown } = await restorePatient(party).catch((cause: unknown) => {
    throw new Error(`${where}: the words bring nothing back`, { cause });
  });
  assert.deepEqual(unknown, [], where);
  return party;
}

/** Requires that these are the notes, but for those of the category that may be erased. */
function requireNotes(read: readonly string[], notes: readonly string[], where: string): void {
  const open = read.filter((text) => text !== 'RECORD_ERASED');
  const kept = notes.filter((note) => !note.startsWith('image') || open.includes(note));
  assert.deepEqual(open, kept, where);
}

async function requireIntact(
  network: TestNetwork,
  chart: Chart,
  step: number,
  where: string,
): Promise<void> {
  const { patient, readers, last } = chart;
  const phone = await fromWords(network, patient, where);
  const before = await allRead(phone);
  const notes = before.includes('amended later') ? [...NOTES, 'amended later'] : NOTES;
  requireNotes(before, notes, where);
  // A right ends without the patient, whatever its device was about to do.
  await suspend(network, last.party, 1);
  await add(chart, 'vitals', 'while away');
  const away = [...notes, 'while away'];
  requireNotes(await allRead(phone), away, where);
  requireNotes(await allRead(await fromWords(network, patient, where)), away, where);
  const present = readers.filter((reader) => reader !== last);
  for (const { party, right } of present) {
    const read = await allRead(party, right);
    for (const text of read) {
      const isFit = ['KEY_PENDING', 'RECORD_ERASED', ...away].includes(text);
      assert.ok(isFit, `${where}: ${text}`);
    }
  }
  // The device that was cut off goes on, or another finishes it, and the keys come to everyone.
  await refreshPackets(patient);
  const [one, other] = step % 2 === 0 ? [patient, phone] : [phone, patient];
  await eraseKeys(one, 'imaging');
  await refreshPackets(other);
  await add(chart, 'laboratory', 'after all');
  const left = [...away, 'after all'].filter(
    (text) => !text.startsWith('image') && text !== 'amended later',
  );
  for (const party of [patient, phone, await fromWords(network, patient, where)]) {
    assert.deepEqual(
      (await allRead(party)).filter((text) => text !== 'RECORD_ERASED'),
      left,
      where,
    );
  }
  for (const { party, right } of present) {
    const [open, gone] =
      right.grant.terms.record === chart.shared.record ? [0, 2] : [left.length, 2];
    const read = await allRead(party, right);
    const erased = read.filter((text) => text === 'RECORD_ERASED').length;
    assert.ok(erased >= gone && read.length - erased === open, `${where}: ${read.join()}`);
  }
}
