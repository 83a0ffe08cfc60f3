import { readPatientState } from '../../../src/client/state/PatientState.ts';
import { isMedsealError } from '../../../src/errors/isMedsealError.ts';
import type { ErrorCode } from '../../../src/errors/catalogue.ts';
import { TestClock } from '../../../src/ledger/test/TestClock.ts';
import { createNativePrimitives } from '../../../src/native/nativePrimitives.ts';
import { seconds } from '../../../src/protocol/Clock.ts';
import type { Organisation } from '../../../src/protocol/ids.ts';
import type { SavedFolder } from '../../../src/node/test/memoryFolder.ts';
import { BEGIN, startTestNetwork, type TestNetwork } from '../../../src/node/test/testNetwork.ts';
import { Dice } from '../Dice.ts';
import { untilDone, untilStill } from '../passTime.ts';
import { pooledRandom } from '../pooledRandom.ts';
import { rememberingPrimitives } from '../rememberingPrimitives.ts';
import { simulatedCipher } from '../simulatedCipher.ts';
import { YearPatient } from './YearPatient.ts';
import { YearPerson } from './YearPerson.ts';

const primitives = rememberingPrimitives(await createNativePrimitives());
/** Organisations; the quorum is three of them. */
const ORGANISATIONS = ['hospital', 'laboratory', 'insurer', 'pharmacy'] as const;
/** Steps for which machines are awake before and after they sleep, and milliseconds of each. */
const [AWAKE, AWAKE_STEP] = [24, 250];
/** Milliseconds of a day. */
export const DAY = 86_400_000;

/** A consortium of four in the year: who is there, and what was found. */
export class Year {
  readonly network: TestNetwork;
  readonly dice: Dice;
  /** Violations, each in a sentence. */
  readonly violations: string[] = [];
  /** A line for each deed and its result. */
  readonly trace: string[] = [];
  /** Counts of each deed, and of its refusals by code. */
  readonly tally = new Map<string, number>();
  readonly patients: YearPatient[] = [];
  /** Two doctors, at the hospital and at the laboratory. */
  readonly doctors: YearPerson[] = [];
  readonly pharmacists: YearPerson[] = [];
  /** The last backups of each organisation, oldest first. */
  readonly backups = new Map<Organisation, readonly SavedFolder[]>();
  /** Number of patients once others enrolled. */
  readonly most: number;
  /** True once an organisation was lost. */
  isLost = false;
  /** Day that runs, from 0. */
  day = 0;
  readonly #clock: TestClock;
  readonly #random;

  private constructor(seed: string, network: TestNetwork, clock: TestClock, most: number) {
    this.most = most;
    this.network = network;
    this.dice = new Dice(`${seed} year`);
    this.#clock = clock;
    this.#random = pooledRandom(`${seed} people`);
  }

  /**
   * Founds the consortium, and enrols its people.
   * @param seed - The days and their order follow from it.
   * @param patients - Number of patients at the beginning.
   * @param most - Number of patients once others enrolled.
   */
  static async begin(seed: string, patients: number, most: number): Promise<Year> {
    const clock = new TestClock(BEGIN * 1000);
    const network = await startTestNetwork({
      seed,
      clock,
      primitives,
      cipher: simulatedCipher,
      organisations: ORGANISATIONS,
      thresholds: { writes: 3, views: 3 },
      further: ['prescriptions'],
      guarded: true,
    });
    const year = new Year(seed, network, clock, most);
    await year.do(async () => {
      for (const at of ['hospital', 'laboratory', 'insurer'] as const) {
        year.doctors.push(await year.person('doctor', at));
      }
      year.pharmacists.push(await year.person('pharmacist', 'pharmacy'));
      for (let count = 0; count < patients; count++) await year.enrolPatient();
    });
    return year;
  }

  /** Unix seconds. */
  get now(): number {
    return seconds(this.#clock);
  }

  /** Organisations that are coordinators by the network file of now. */
  get members(): readonly Organisation[] {
    const [channel] = this.network.file.channels;
    return channel?.coordinators.map(({ organisation }) => organisation) ?? [];
  }

  /** Everybody with a device. */
  get everybody(): readonly YearPerson[] {
    return [...this.patients.map(({ person }) => person), ...this.doctors, ...this.pharmacists];
  }

  /** Keeps a backup, and the two before it. */
  keepBackup(organisation: Organisation, saved: SavedFolder): void {
    this.backups.set(organisation, [...(this.backups.get(organisation) ?? []), saved].slice(-3));
  }

  /** Has those of an organisation go to another one. */
  async moveFrom(from: Organisation, to: Organisation): Promise<void> {
    for (const person of this.everybody) {
      if (person.organisation === from) await person.moveTo(to);
    }
  }

  /** Lets seconds pass. */
  async wait(passing: number): Promise<void> {
    await this.leap(passing * 1000);
  }

  /** Random bytes. */
  random(length: number): Uint8Array {
    return this.#random(length);
  }

  /** Enrols somebody. */
  async person(role: 'doctor' | 'pharmacist', at: Organisation): Promise<YearPerson> {
    return await YearPerson.enrol(this.network, role, at, this.#random);
  }

  /** Enrols a patient at the hospital. */
  async enrolPatient(): Promise<void> {
    const person = await YearPerson.enrol(this.network, 'patient', 'hospital', this.#random);
    const { handle } = await readPatientState(person.party);
    this.patients.push(new YearPatient(person, handle));
  }

  /** Does something while time passes as it must. */
  async do<Result>(work: () => Promise<Result>): Promise<Result> {
    return await untilDone(this.#clock, work());
  }

  /** Lets time pass at once, as for machines that sleep once all is at rest; each timer runs when they wake. */
  async leap(milliseconds: number): Promise<void> {
    await this.#wake();
    this.#clock.advance(milliseconds);
    await this.#wake();
  }

  async #wake(): Promise<void> {
    for (let step = 0; step < AWAKE; step++) {
      await untilStill();
      this.#clock.advance(AWAKE_STEP);
    }
  }

  /** Does a deed, which must succeed. */
  async deed(name: string, work: () => Promise<unknown>): Promise<void> {
    const result = await this.do(work).then(
      () => 'done',
      (error: unknown) => {
        const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
        this.violate(`${name} failed: ${isMedsealError(error) ? `${error.code} ` : ''}${why}`);
        return isMedsealError(error) ? error.code : 'Error';
      },
    );
    this.count(`${name}: ${result}`);
  }

  /** Does what must be refused. */
  async refused(
    name: string,
    codes: readonly ErrorCode[],
    work: () => Promise<unknown>,
  ): Promise<void> {
    const code = await this.do(work).then(
      () => 'done',
      (error: unknown) => (isMedsealError(error) ? error.code : String(error)),
    );
    if (!codes.some((each) => each === code)) {
      this.violate(`${name} must be refused as ${codes.join(' or ')} (got ${code})`);
    }
    this.count(`${name}: ${code}`);
  }

  /** Notes and counts something. */
  count(what: string): void {
    this.trace.push(`${this.day} ${what}`);
    this.tally.set(what, (this.tally.get(what) ?? 0) + 1);
  }

  /** Notes a violation. */
  violate(what: string): void {
    this.violations.push(`day ${this.day}: ${what}`);
  }
}
