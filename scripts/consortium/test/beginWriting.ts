import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { commitEpochs } from '../../../src/client/epochs/commitEpochs.ts';
import { enrol } from '../../../src/client/party/enrol.ts';
import type { Party } from '../../../src/client/party/Party.ts';
import { addRecord } from '../../../src/client/records/addRecord.ts';
import { readChart } from '../../../src/client/records/readChart.ts';
import { grantRight, type GrantGiven } from '../../../src/client/rights/grantRight.ts';
import { readPatientState } from '../../../src/client/state/PatientState.ts';
import { utf8ToBytes } from '../../../src/crypto/bytes.ts';
import { isMedsealError } from '../../../src/errors/isMedsealError.ts';
import { seconds } from '../../../src/protocol/Clock.ts';
import type { Acknowledgement } from '../../../src/protocol/evidence/evidence.ts';
import type { NetworkFile } from '../../../src/protocol/network/NetworkFile.ts';
import { openFollower, type Agent } from './openVisitor.ts';

/** A request that was refused. */
export interface Refused {
  readonly code: string;
  /** When it was sent and refused, milliseconds of this process. */
  readonly sent: number;
  readonly refused: number;
}

/** A patient who writes at an organisation, one record after the other. */
export interface Writer {
  readonly place: number;
  /** The patient, under the newest network file that was followed. */
  readonly patient: Party;
  readonly acknowledged: readonly Acknowledgement[];
  readonly refused: readonly Refused[];
  /** A doctor that looks at the chart from time to time, by a right that the patient gives; absent if nobody does. */
  readonly doctor: Party | undefined;
  readonly grants: readonly GrantGiven[];
  /** Has the patient go on at another organisation. */
  move(at: Agent): Promise<void>;
  /** Resolves once so many more records were acknowledged. */
  more(count: number): Promise<void>;
  /** Resolves once the doctor was let look once more. */
  look(): Promise<void>;
  /** Resolves with the next refusal. */
  refusal(): Promise<Refused>;
}

/** Options of `beginWriting`. */
export interface WritingOptions {
  /** The network file that the patient pinned. */
  readonly network: NetworkFile;
  readonly place: number;
  readonly at: Agent;
  /** The organisation of a doctor who looks at the chart; absent for none. */
  readonly doctorAt?: Agent;
  /** Milliseconds between two records; none if absent. */
  readonly every?: number;
  /** True if the network changes meanwhile, and patient and doctor are to follow it. */
  readonly follows?: boolean;
  readonly ending: AbortSignal;
}

/** Milliseconds after which a patient who was refused tries again. */
const PAUSE = 200;
/** After so many records the patient gives a right, and the doctor looks. */
const SHARE_EVERY = 4;
/** The most rights that a patient gives: each costs a packet with every epoch. */
const MOST_GRANTS = 4;
/** Longest wait for a record, a look or a refusal, milliseconds. */
const PATIENCE = 300_000;
const DAY = 24 * 3600;
const HOW = { category: 'other', purpose: 'PATRQT' } as const;

/**
 * Enrols a patient who writes until told to stop, and, if wished, a doctor who is let look at the chart.
 *
 * @param options - The organisations.
 */
export async function beginWriting({
  network,
  place,
  at,
  doctorAt,
  every = 0,
  follows = false,
  ending,
}: WritingOptions): Promise<{ readonly writer: Writer; readonly ended: Promise<void> }> {
  const own = await openFollower(network, at);
  const doctor = doctorAt && (await openFollower(network, doctorAt));
  await enrol(own.party, { role: 'patient', organisation: at.organisation });
  if (doctor) await enrol(doctor.party, { role: 'doctor', organisation: doctorAt.organisation });
  await commitEpochs(own.party, 2);
  const { handle } = await readPatientState(own.party);
  const acknowledged: Acknowledgement[] = [];
  const refused: Refused[] = [];
  const grants: GrantGiven[] = [];
  let views = 0;
  let next = Promise.withResolvers<undefined>();
  const tell = (): void => {
    next.resolve(undefined);
    next = Promise.withResolvers();
  };
  const until = async (what: string, holds: () => boolean): Promise<void> => {
    const late = AbortSignal.timeout(PATIENCE);
    const waits = Promise.withResolvers<undefined>();
    late.addEventListener('abort', () => waits.resolve(undefined));
    while (!holds()) {
      await Promise.race([next.promise, waits.promise]);
      const codes = refused.slice(-10).map(({ code }) => code);
      assert.equal(late.aborted, false, `${at.organisation}: no ${what}; ${codes.join()}`);
    }
  };
  const share = async (reader: Party): Promise<void> => {
    if (grants.length < MOST_GRANTS) {
      const terms = { categories: ['other'], actions: ['read'], purpose: 'TREAT' } as const;
      const { address: grantee } = reader;
      const day = seconds(reader.clock) + DAY;
      grants.push(await grantRight(own.party, { ...terms, grantee, until: day }));
    }
    const { grant } = grants.at(-1) ?? assert.fail();
    await readChart(reader, { handle, grant, purpose: 'TREAT' });
    views += 1;
    tell();
  };
  const write = async (): Promise<void> => {
    for (let number = 0; !ending.aborted; number++) {
      const content = utf8ToBytes(`record ${number}`);
      const sent = performance.now();
      try {
        const { acknowledgement } = await addRecord(own.party, { ...HOW, handle, content });
        acknowledged.push(acknowledgement);
        tell();
        if (doctor && acknowledged.length % SHARE_EVERY === 1) await share(doctor.party);
        if (every > 0) await pause(every);
      } catch (error) {
        // A node that is away or stands alone says so, in an error with a code.
        if (!isMedsealError(error)) throw error;
        refused.push({ code: error.code, sent, refused: performance.now() });
        tell();
        await pause(PAUSE);
        // A node that cannot be asked is asked again after the next refusal.
        if (follows) await Promise.allSettled([own.follow(), doctor?.follow()]);
      }
    }
  };
  const writer: Writer = {
    place,
    get patient() {
      return own.party;
    },
    acknowledged,
    refused,
    get doctor() {
      return doctor?.party;
    },
    grants,
    async move(other) {
      await own.follow(other);
    },
    async more(count) {
      const wanted = acknowledged.length + count;
      await until('record', () => acknowledged.length >= wanted);
    },
    async look() {
      const known = views;
      await until('look', () => views > known);
    },
    async refusal() {
      const known = refused.length;
      await until('refusal', () => refused.length > known);
      return refused[known] as Refused;
    },
  };
  return { writer, ended: write() };
}
