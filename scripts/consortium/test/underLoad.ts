import { commitEpochs } from '../../../src/client/epochs/commitEpochs.ts';
import { enrol } from '../../../src/client/party/enrol.ts';
import type { Party } from '../../../src/client/party/Party.ts';
import { addRecord } from '../../../src/client/records/addRecord.ts';
import { readPatientState } from '../../../src/client/state/PatientState.ts';
import { utf8ToBytes } from '../../../src/crypto/bytes.ts';
import { isMedsealError } from '../../../src/errors/isMedsealError.ts';
import type { Acknowledgement } from '../../../src/protocol/evidence.ts';
import { ALL, type Trial } from './openTrial.ts';
import { openVisitor } from './openVisitor.ts';

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
  readonly patient: Party;
  readonly acknowledged: readonly Acknowledgement[];
  readonly refused: readonly Refused[];
  /** Resolves once so many more records were acknowledged. */
  more(count: number): Promise<void>;
  /** Resolves with the next refusal. */
  refusal(): Promise<Refused>;
}

/** Milliseconds after which a patient who was refused tries again. */
const PAUSE = 200;

/**
 * Does something to processes while a patient at each organisation writes.
 *
 * @param trial - The organisations, all of which run.
 * @param fault - Does it; it is given the patients, in the order of the organisations.
 * @returns The patients, once they have ended.
 */
export async function underLoad(
  trial: Trial,
  fault: (writers: readonly Writer[]) => Promise<void>,
): Promise<readonly Writer[]> {
  const ending = new AbortController();
  const begun = await Promise.all(
    ALL.map(async (place) => await beginWriting(trial, place, ending.signal)),
  );
  const writers = begun.map(({ writer }) => writer);
  try {
    await fault(writers);
  } finally {
    ending.abort();
    await Promise.all(begun.map(async ({ ended }) => await ended));
  }
  return writers;
}

async function beginWriting(
  trial: Trial,
  place: number,
  ending: AbortSignal,
): Promise<{ readonly writer: Writer; readonly ended: Promise<void> }> {
  const { network } = trial;
  const patient = await openVisitor(network, trial.at(place));
  await enrol(patient, { role: 'patient', organisation: trial.at(place).organisation });
  await commitEpochs(patient, 2);
  const { handle } = await readPatientState(patient);
  const acknowledged: Acknowledgement[] = [];
  const refused: Refused[] = [];
  let next = Promise.withResolvers<undefined>();
  const tell = (): void => {
    next.resolve(undefined);
    next = Promise.withResolvers();
  };
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await next.promise;
  };
  const write = async (): Promise<void> => {
    for (let number = 0; !ending.aborted; number++) {
      const content = utf8ToBytes(`record ${number}`);
      const sent = performance.now();
      try {
        const record = { handle, category: 'other', content, purpose: 'PATRQT' } as const;
        acknowledged.push((await addRecord(patient, record)).acknowledgement);
        tell();
      } catch (error) {
        // A node that is away or stands alone says so, in an error with a code.
        if (!isMedsealError(error)) throw error;
        refused.push({ code: error.code, sent, refused: performance.now() });
        tell();
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
      }
    }
  };
  const writer: Writer = {
    place,
    patient,
    acknowledged,
    refused,
    async more(count) {
      const wanted = acknowledged.length + count;
      await until(() => acknowledged.length >= wanted);
    },
    async refusal() {
      const known = refused.length;
      await until(() => refused.length > known);
      return refused[known] as Refused;
    },
  };
  return { writer, ended: write() };
}
