import { addRecord, grantRight, handOver, type Party } from '../../src/client/index.ts';
import { bytesToHex } from '../../src/crypto/bytes.ts';
import { commitEpochs } from '../../src/client/epochs/commitEpochs.ts';
import { listen } from '../../src/http/listen.ts';
import { networkApp } from '../../src/http/networkApp.ts';
import { TestClock } from '../../src/ledger/test/TestClock.ts';
import { releasingSome } from '../../src/node/test/releasingSome.ts';
import { BEGIN, startTestNetwork, type TestNetwork } from '../../src/node/test/testNetwork.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import type { Clock } from '../../src/protocol/Clock.ts';
import type { DemoPerson } from '../../src/protocol/care/DemoPerson.ts';
import { sign } from '../../src/protocol/struct/signing.ts';
import type { Role } from '../../src/protocol/vocabulary.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import type { Bytes32 } from '../../src/protocol/ids.ts';
import { CATEGORIES } from '../../src/protocol/vocabulary.ts';
import { builtPortal } from './servePortal.ts';

/** A network of three organisations in memory, whose records open by a release, with its hospital’s portal. */
export interface GuardedPortal {
  /** Address of the node. */
  readonly url: string;
  /** The clock of its nodes, which runs: a page needs the same time. */
  readonly clock: Clock;
  readonly patient: Party;
  readonly doctor: Party;
  /** A doctor without a right, whom the patient knows. */
  readonly other: Party;
  /** Adds records of the patient, one for each content, and returns their ids. */
  add(contents: readonly Uint8Array[]): Promise<readonly Bytes32[]>;
  /** Has these organisations release nothing for one record, as if they could not yet. All others release everything. */
  withhold(record: Bytes32, ...organisations: readonly string[]): void;
  /** Has these organisations release nothing, as if they were away; all others are back. */
  away(...organisations: readonly string[]): void;
  /**
   * Has these organisations stop with the next release that they are asked for: from then on they answer nothing at all. All
   * others are back.
   */
  stopsAtRelease(...organisations: readonly string[]): void;
  /** Has an organisation sign other dates in certificates of erasure, as many seconds later; 0 for the true ones. All others sign true ones. */
  states(organisation: string, later: number): void;
  close(): Promise<void>;
}

/** Milliseconds between two settings of its clock. */
const OFTEN = 20;

/** Starts it, with a patient and a doctor who may read everything for an hour. */
export async function startGuarded(): Promise<GuardedPortal> {
  const clock = new TestClock(BEGIN * 1000);
  const ahead = clock.now() - Date.now();
  const ticking = setInterval(() => clock.advance(Date.now() + ahead - clock.now()), OFTEN);
  ticking.unref();
  const network = await startTestNetwork({ guarded: true, clock });
  const [patient, doctor] = [await network.party('patient'), await network.party('doctor')];
  const other = await network.party('doctor');
  await commitEpochs(patient, 3);
  const { handle } = await readPatientState(patient);
  const { grant } = await grantRight(patient, {
    grantee: doctor.address,
    categories: CATEGORIES,
    actions: ['read', 'add', 'amend'],
    purpose: 'TREAT',
    until: Math.floor(clock.now() / 1000) + 3600,
  });
  await handOver(patient, { grant });
  const people = [
    { ...personOf('patient', 'Ana Ferreira', patient), handle },
    personOf('doctor', 'Dr. Lena Brandt', doctor),
    personOf('doctor', 'Dr. Omar Haddad', other),
  ];
  const portal = await builtPortal();
  const agents = new Map([['hospital', network.agent('hospital')]]);
  const readPeople = async (): Promise<readonly DemoPerson[]> => await Promise.resolve(people);
  const doors = await listen(networkApp(agents, { portal, readPeople }), 0);
  return {
    url: doors.url,
    clock,
    patient,
    doctor,
    other,
    async add(contents) {
      const version = { handle, category: 'reports', purpose: 'TREAT', grant } as const;
      const ids: Bytes32[] = [];
      for (const content of contents) {
        ids.push((await addRecord(doctor, { ...version, content })).record);
      }
      return ids;
    },
    withhold(record, ...organisations) {
      network.liars.coordinator.clear();
      for (const each of organisations) {
        const reason = new MedsealError('NOT_YET', { what: 'copy of the file' });
        releasingSome(network, each, (id) => (id === record ? reason : undefined));
      }
    },
    away(...organisations) {
      network.liars.coordinator.clear();
      network.liars.contributor.clear();
      for (const each of organisations) silence(network, each);
    },
    stopsAtRelease(...organisations) {
      network.liars.coordinator.clear();
      network.liars.contributor.clear();
      for (const each of organisations) silence(network, each, () => stop(network, each));
    },
    states(organisation, later) {
      network.liars.coordinator.clear();
      const { coordinator } = network.services(organisation);
      const key = network.keys.get(organisation)?.coordinator;
      if (key === undefined) throw new Error(`no coordinator of ${organisation}`);
      network.liars.coordinator.set(organisation, {
        ...coordinator,
        async erased(query) {
          const signed = await coordinator.erased(query);
          const erased = { ...signed.erased, at: signed.erased.at + later };
          return { ...signed, erased, signature: sign(patient, key, 'Erased', erased).signature };
        },
      });
    },
    async close() {
      clearInterval(ticking);
      await doors.close();
      await network.close();
    },
  };
}

function personOf(role: Role, called: string, { address, keys }: Party): DemoPerson {
  const seed = bytesToHex(keys.seed());
  return { name: role, called, role, organisation: 'hospital', address, seed };
}

function silence(network: TestNetwork, organisation: string, asked?: () => void): void {
  const { coordinator } = network.services(organisation);
  const release = async (): Promise<never> => {
    asked?.();
    return await unreachable(organisation);
  };
  network.liars.coordinator.set(organisation, { ...coordinator, release });
}

function stop({ liars }: TestNetwork, organisation: string): void {
  const silent = new Proxy({} as never, { get: () => async () => await unreachable(organisation) });
  liars.coordinator.set(organisation, silent);
  liars.contributor.set(organisation, silent);
}

async function unreachable(peer: string): Promise<never> {
  return await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer }));
}
