import { checkInbox } from '../../src/client/care/inbox/checkInbox.ts';
import {
  approveAccess,
  declineAccess,
  handOver,
  readAsked,
  readAskedFor,
  requestAccess,
} from '../../src/client/letters/accessRequests.ts';
import { commitEpochs } from '../../src/client/epochs/commitEpochs.ts';
import { confirmFacts } from '../../src/client/audit/confirmFacts.ts';
import { enrol } from '../../src/client/party/enrol.ts';
import { fetchReceipt } from '../../src/client/audit/fetchReceipt.ts';
import { grantRight, type GrantGiven } from '../../src/client/rights/grantRight.ts';
import { knownRights } from '../../src/client/party/knownRights.ts';
import { logVersion, type LoggedVersion } from '../../src/client/records/logVersion.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { readAudit } from '../../src/client/audit/readAudit.ts';
import { readChart } from '../../src/client/records/readChart.ts';
import { readRecord } from '../../src/client/records/readRecord.ts';
import { refreshPackets } from '../../src/client/epochs/refreshPackets.ts';
import { restorePatient } from '../../src/client/state/restorePatient.ts';
import { revokeRight } from '../../src/client/rights/revokeRight.ts';
import {
  sealVersion,
  type NewVersion,
  type SealedVersion,
} from '../../src/client/records/sealVersion.ts';
import { suspendParty } from '../../src/client/rights/suspendParty.ts';
import { bytesToHex, bytesToUtf8, utf8ToBytes } from '../../src/crypto/bytes.ts';
import { isMedsealError } from '../../src/errors/isMedsealError.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import { SimulatedDevice } from '../simulation/SimulatedDevice.ts';
import type { FaultyWorld } from './FaultyWorld.ts';

/** Time after which a promise no longer binds, and time until an entry is checkpointed and copied; ms. */
const [PROMISE_VOID, COPIED] = [90_000, 20_000];

/** Checks, in a world that was opened again, that the promises were kept; throws if not. */
type Check = (world: FaultyWorld) => Promise<unknown>;

/** A kind of request: sends it, and returns what must be true from then on. */
export type Deed = (world: FaultyWorld) => Promise<Check>;

const HOUR = 3600;
/** A file that is not a row of the vault. */
const LARGE = 20_000;

/** Everything that can be asked of a consortium, by its kind. */
export const DEEDS: Readonly<Record<string, Deed>> = {
  enrol: async ({ consortium, patient }) => {
    const seed = patient.random(32);
    const person = { name: 'new', organisation: 'laboratory', seed, device: new SimulatedDevice() };
    const party = await consortium.party(person);
    await enrol(party, { role: 'patient', organisation: 'laboratory' });
    return async (world) => {
      const again = await world.consortium.party(person);
      await enrol(again, { role: 'patient', organisation: 'laboratory' });
      const facts = await confirmFacts(again, { party: again.address });
      require(facts.party?.handle === (await readPatientState(again)).handle, 'the enrolment');
      await commitEpochs(again, 2);
    };
  },
  commit: async ({ patient }) => {
    await commitEpochs(patient, 9);
    const { handle } = await readPatientState(patient);
    const before = (await confirmFacts(patient, { handle })).patient;
    return async (world) => {
      const { patient: facts } = await confirmFacts(world.patient, { handle });
      require(facts?.root === before?.root || facts?.next !== undefined, 'the commitment');
    };
  },
  grant: async (world) => {
    const given = await grant(world);
    return async (later) => await requireGrant(later, given);
  },
  'hand over': async (world) => {
    const { grants } = await readPatientState(world.patient);
    const [first] = grants;
    if (first === undefined) throw new Error('no grant');
    await handOver(world.patient, first);
    return async ({ doctors }) => {
      const [doctor] = doctors;
      if (doctor === undefined) throw new Error('nobody');
      await checkInbox(doctor);
      const rights = await knownRights(doctor);
      require(rights.some(({ digest }) => digest === first.digest), 'the letter');
    };
  },
  'ask and answer': async ({ doctors: [doctor], patient, scheduler }) => {
    const { handle } = await readPatientState(patient);
    const asked = await requestAccess(required(doctor), {
      handle,
      categories: ['vitals'],
      actions: ['read'],
      purpose: 'TREAT',
      until: Math.floor(scheduler.now / 1000) + HOUR,
    });
    await checkInbox(patient);
    const [first, ...others] = await readAsked(patient);
    for (const each of others) await declineAccess(patient, each);
    const given = first && (await approveAccess(patient, first));
    return async (world) => {
      const there = required(world.doctors[0]);
      if (given !== undefined) await requireGrant(world, given);
      await checkInbox(there);
      const open = (await readAskedFor(there)).find(({ digest }) => digest === asked.digest);
      require(given === undefined || open?.answer === 'granted', 'the answer');
    };
  },
  revoke: async (world) => {
    const { handle, grants } = await readPatientState(world.patient);
    const { grants: active = [] } = await confirmFacts(world.patient, { handle, grants: true });
    const standing = required(grants.find(({ digest }) => active.includes(digest)));
    await revokeRight(world.patient, standing.digest);
    return async ({ patient }) => {
      const { grant: facts } = await confirmFacts(patient, { grant: standing.digest });
      require(facts?.state === 'ended', 'the end of the right');
    };
  },
  upload: async (world) => {
    const sealed = await seal(world, 'uploaded');
    return async ({ doctors }) => {
      await logVersion(required(doctors[0]), sealed).catch((error: unknown) => {
        if (!isMedsealError(error, 'EPOCH_STALE')) throw error;
      });
    };
  },
  'upload of a large file': async (world) => {
    const sealed = await seal(world, '.'.repeat(LARGE));
    return async ({ doctors }) => await logVersion(required(doctors[0]), sealed);
  },
  add: async (world) => {
    const sealed = await seal(world, 'added');
    const logged = await logVersion(required(world.doctors[0]), sealed);
    return async (later) => await requireRead(later, logged, 'added');
  },
  'add by the patient': async (world) => {
    const { patient } = world;
    const { handle } = await readPatientState(patient);
    const version = { handle, category: 'vitals', purpose: 'PATRQT' } as const;
    const content = utf8ToBytes('by the patient');
    const sealed = await sealVersion(patient, bytesToHex(patient.random(32)), {
      ...version,
      content,
    });
    const logged = await logVersion(patient, sealed);
    return async (later) => await requireRead(later, logged, 'by the patient');
  },
  amend: async (world) => {
    const logged = await amend(world, 'amended');
    return async (later) => await requireRead(later, logged, 'amended');
  },
  withdraw: async (world) => {
    const logged = await amend(world, '');
    return async (later) => await requireRead(later, logged, '');
  },
  'view and read': async (world) => {
    const doctor = required(world.doctors[2]);
    const right = required(world.rights[2]);
    const wanted = { handle: right.handle, grant: right, purpose: 'TREAT' } as const;
    const chart = await readChart(doctor, wanted);
    await readRecord(doctor, chart, required(chart.records[0]));
    return async () => await Promise.resolve();
  },
  refusal: async (world) => {
    const { handle } = await readPatientState(world.patient);
    const doctor = required(world.doctors[0]);
    await readChart(doctor, { handle, purpose: 'HPAYMT' }).catch((error: unknown) => {
      if (!isMedsealError(error, 'RIGHT_MISSING')) throw error;
    });
    return async () => await Promise.resolve();
  },
  audit: async ({ patient }) => {
    await readAudit(patient);
    return async (later) => await readAudit(later.patient);
  },
  receipt: async (world) => {
    const doctor = required(world.doctors[0]);
    const { acknowledgement } = await logVersion(doctor, await seal(world, 'receipt'));
    await fetchReceipt(doctor, acknowledgement);
    return async ({ doctors }) => await fetchReceipt(required(doctors[0]), acknowledgement);
  },
  suspend: async ({ doctors, patient, authority }) => {
    const { address } = required(doctors[2]);
    await suspendParty(patient, authority, { party: address, suspended: true });
    return async (later) => {
      const { party } = await confirmFacts(later.patient, { party: address });
      require(party?.suspended === true, 'the suspension');
      await suspendParty(later.patient, authority, { party: address, suspended: false });
    };
  },
  'keys that turn by a date': async (world) => {
    // The second doctor's right has ended by then.
    await world.scheduler.sleep(200_000);
    const doctor = required(world.doctors[0]);
    const before = seconds(doctor.clock);
    const sealed = await seal(world, 'turned').catch(() => undefined);
    const logged = sealed && (await logVersion(doctor, sealed).catch(unlessTurning));
    await refreshPackets(world.patient);
    return async (later) => {
      require(before > 0, 'time');
      if (logged !== undefined) await requireRead(later, logged, 'turned');
    };
  },
  'keep a state': async ({ patient }) => {
    await refreshPackets(patient);
    const { revision } = await readPatientState(patient);
    return async (later) => {
      const device = new SimulatedDevice();
      const { state } = await restorePatient({ ...later.patient, device });
      require(state.revision >= revision, 'the state');
    };
  },
  checkpoint: async (world) => {
    const { consortium } = world;
    await logVersion(required(world.doctors[2]), await seal(world, 'checkpointed', 2)).catch(
      unlessTurning,
    );
    for (const name of consortium.organisations) {
      await consortium.services(name)?.administrator.checkpoint();
    }
    return async () => await Promise.resolve();
  },
  replication: async (world) => {
    await logVersion(required(world.doctors[1]), await seal(world, 'copied', 1)).catch(
      unlessTurning,
    );
    await world.consortium.settle();
    return async () => await Promise.resolve();
  },
  'repair and collection': async ({ consortium, scheduler }) => {
    for (const name of consortium.organisations) {
      const services = consortium.services(name);
      await services?.contributor.repair();
      await services?.vault.collect(Math.floor(scheduler.now / 1000) + 2 * HOUR);
    }
    return async () => await Promise.resolve();
  },
};

async function grant({ patient, doctors, scheduler }: FaultyWorld): Promise<GrantGiven> {
  return await grantRight(patient, {
    grantee: required(doctors[2]).address,
    categories: ['vitals', 'other'],
    actions: ['read', 'add'],
    purpose: 'ETREAT',
    until: Math.floor(scheduler.now / 1000) + HOUR,
  });
}

async function requireGrant(
  { patient }: FaultyWorld,
  { digest, grant: { handle } }: Pick<GrantGiven, 'digest' | 'grant'>,
): Promise<void> {
  const { grant: facts } = await confirmFacts(patient, { handle, grant: digest });
  require(facts?.state === 'active', 'the right');
  const { grants } = await readPatientState(patient);
  require(grants.some((known) => known.digest === digest), 'the opening of the right');
}

async function seal(world: FaultyWorld, text: string, place = 0): Promise<SealedVersion> {
  const doctor = required(world.doctors[place]);
  const right = required(world.rights[place]);
  const version: NewVersion = {
    handle: right.handle,
    category: 'vitals',
    content: utf8ToBytes(text),
    purpose: 'TREAT',
    grant: right,
  };
  return await sealVersion(doctor, bytesToHex(doctor.random(32)), version);
}

/**
 * A coordinator that promised the version to a write that was lost keeps its word until the log, and its copy of it,
 * have gone past the time by which that write was due.
 */
async function amend(world: FaultyWorld, text: string): Promise<LoggedVersion> {
  try {
    return await amendNow(world, text);
  } catch (error) {
    if (!isMedsealError(error, 'REQUEST_ALTERED')) throw error;
    await world.scheduler.sleep(PROMISE_VOID);
    await readAudit(world.patient);
    await world.scheduler.sleep(COPIED);
    return await amendNow(world, text);
  }
}

async function amendNow(world: FaultyWorld, text: string): Promise<LoggedVersion> {
  const doctor = required(world.doctors[0]);
  const right = required(world.rights[0]);
  const wanted = { handle: right.handle, grant: right, purpose: 'TREAT' } as const;
  const { records } = await readChart(doctor, wanted);
  const { record } = required(records[0]);
  const amends = required(records.findLast((each) => each.record === record));
  const { category } = amends;
  const content = utf8ToBytes(text);
  const sealed = await sealVersion(doctor, record, { ...wanted, category, content, amends });
  return await logVersion(doctor, sealed);
}

/** The version is on the patient's chart, once, and says what was written. */
async function requireRead(
  { patient }: FaultyWorld,
  logged: LoggedVersion,
  text: string,
): Promise<void> {
  const { handle } = await readPatientState(patient);
  const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
  const found = chart.records.filter(
    ({ record, version }) => record === logged.record && version === logged.version,
  );
  require(found.length === 1, 'the version');
  const { content } = await readRecord(patient, chart, required(found[0]));
  require(bytesToUtf8(content) === text, 'what the version says');
}

function unlessTurning(error: unknown): undefined {
  const codes = ['EPOCH_STALE', 'EPOCH_DUE', 'RIGHT_ENDED', 'REQUEST_ALTERED'];
  if (!isMedsealError(error) || !codes.includes(error.code)) throw error;
}

function require(holds: boolean, what: string): void {
  if (!holds) throw new Error(`${what} is lost`);
}

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('it is not there');
  return value;
}
