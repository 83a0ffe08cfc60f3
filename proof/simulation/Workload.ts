import { addRecord } from '../../src/client/records/addRecord.ts';
import { fetchReceipt } from '../../src/client/audit/fetchReceipt.ts';
import { grantRight } from '../../src/client/rights/grantRight.ts';
import type { Party } from '../../src/client/party/Party.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { readAudit } from '../../src/client/audit/readAudit.ts';
import { readChart, type Chart } from '../../src/client/records/readChart.ts';
import { readRecord } from '../../src/client/records/readRecord.ts';
import { readRecords } from '../../src/client/records/readRecords.ts';
import { revokeRight } from '../../src/client/rights/revokeRight.ts';
import { sealVersion, type NewVersion } from '../../src/client/records/sealVersion.ts';
import type { ChartRecord } from '../../src/client/records/viewChart.ts';
import { bytesToHex, bytesToUtf8, utf8ToBytes } from '../../src/crypto/bytes.ts';
import type { ErrorCode } from '../../src/errors/catalogue.ts';
import { isMedsealError } from '../../src/errors/isMedsealError.ts';
import type { Submission } from '../../src/protocol/AgentPort.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import type { Acknowledgement, Outcome } from '../../src/protocol/evidence/evidence.ts';
import { ZERO32 } from '../../src/protocol/ids.ts';
import type { Grant, Write } from '../../src/protocol/struct/requests.ts';
import { digestOf, sign } from '../../src/protocol/struct/signing.ts';
import { CATEGORIES } from '../../src/protocol/vocabulary.ts';
import type { Consortium } from './Consortium.ts';
import type { Dice } from './Dice.ts';
import type { Foundation } from './Foundation.ts';
import type { Scheduler } from './Scheduler.ts';
import type { Witness } from './Witness.ts';

/** Milliseconds after which every organisation has what was written, if nothing is wrong. */
const COPYING = 5000;
/** Duration of a right that outlives a run, seconds. */
const HOUR = 3600;
/** Number of times that a client sends the same bytes before it gives up. */
const TRIES = 4;

/** Codes by which a client reports a misbehaving node; here no node misbehaves. */
const ACCUSING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'INTERNAL',
  'EVIDENCE_INVALID',
  'FILE_MISMATCH',
  'SEAL_UNREADABLE',
  'PEER_MALFORMED',
]);

/** Except for an overdue checkpoint, which is true if faults delayed it for longer than was promised. */
const OVERDUE = /a checkpoint of \d+ entries was promised until/;

/** Someone in a run who does one thing after another. */
interface Actor {
  readonly party: Party;
  /** Rights that the patient handed over. */
  readonly rights: Grant[];
  /** Submitted requests. */
  readonly sent: Submission[];
  readonly acknowledged: Acknowledgement[];
}

/** Options of `Workload`. */
export interface WorkloadOptions {
  readonly consortium: Consortium;
  readonly scheduler: Scheduler;
  readonly witness: Witness;
  readonly dice: Dice;
}

/** A patient and three doctors, each at an organisation of their own. */
export class Workload {
  /** Counts of each action done, and of its refusals by code. */
  readonly tally = new Map<string, number>();
  readonly #options: WorkloadOptions;
  readonly #patient: Actor;
  readonly #doctors: readonly Actor[];
  #lines = 0;

  private constructor(options: WorkloadOptions, patient: Actor, doctors: readonly Actor[]) {
    this.#options = options;
    this.#patient = patient;
    this.#doctors = doctors;
  }

  /** Opens the devices of those who are enrolled. */
  static async open(options: WorkloadOptions, { people, rights }: Foundation): Promise<Workload> {
    const [first, ...others] = await Promise.all(
      people.map(async (person, place) => {
        const party = await options.consortium.party(person);
        return actorOf(party, options.witness, rights[place] ?? []);
      }),
    );
    if (first === undefined) throw new Error('nobody');
    return new Workload(options, first, others);
  }

  get patient(): Party {
    return this.#patient.party;
  }

  /** Everybody does some things, at the same time as the others. */
  async run(steps: number): Promise<void> {
    const { dice, scheduler } = this.#options;
    const actors = [this.#patient, ...this.#doctors];
    await Promise.all(
      actors.map(async (actor) => {
        for (let step = 0; step < steps; step++) {
          await scheduler.sleep(dice.between(0, 3000));
          await this.#attempt(actor);
        }
      }),
    );
  }

  /** Checks that all goes on after the faults: a right, a record, all that was acknowledged, and a complete audit. */
  async finish(): Promise<void> {
    const { party } = this.#patient;
    await this.#grant(this.#doctors[1], HOUR);
    const doctor = this.#doctors[1];
    if (doctor !== undefined) await this.#add(doctor, doctor.rights.at(-1));
    await this.#options.scheduler.sleep(COPYING);
    const { handle } = await readPatientState(party);
    const chart = await readChart(party, { handle, purpose: 'PATRQT' });
    for (const wanted of chart.records) await this.#read(party, chart, wanted);
    const audit = await readAudit(party);
    for (const { log, checkpoint, complete, unchecked } of audit.logs) {
      // A log without entries has no checkpoint, and nothing to count.
      if (checkpoint !== undefined && !complete)
        throw new Error(`the audit of ${log} is not complete: ${unchecked.join('; ')}`);
    }
    const listed = new Set(chart.records.map(({ acknowledgement }) => acknowledgement.entry));
    for (const { request, acknowledgement } of this.#options.witness.told) {
      const accepted = request.type === 'Write' && acknowledgement.body.includes('"flag":"A"');
      if (accepted && !listed.has(acknowledgement.entry)) {
        throw new Error(`the chart lacks ${acknowledgement.log} #${acknowledgement.index}`);
      }
    }
  }

  async #attempt(actor: Actor): Promise<void> {
    const { dice, scheduler, witness } = this.#options;
    const deeds: [string, () => Promise<void>][] =
      actor === this.#patient
        ? [
            ['grant', async () => await this.#grant()],
            ['grant', async () => await this.#grant()],
            ['revoke', async () => await this.#revoke()],
            ['add', async () => await this.#add(actor)],
            ['read', async () => await this.#view(actor)],
            ['audit', async () => void (await readAudit(actor.party))],
          ]
        : [
            ['add', async () => await this.#add(actor)],
            ['amend', async () => await this.#amend(actor)],
            ['array', async () => await this.#array(actor)],
            ['read', async () => await this.#view(actor)],
            ['repeat', async () => await this.#repeat(actor)],
            ['receipt', async () => await this.#receipt(actor)],
          ];
    const [name, run] = dice.pick(deeds);
    let result = 'done';
    try {
      await run();
    } catch (error) {
      if (!isMedsealError(error)) throw error;
      result = error.code;
      if (ACCUSING.has(error.code) && !OVERDUE.test(error.message)) {
        witness.violate(`${name} accuses a node: ${error.message}`);
      }
    }
    scheduler.note(`${name}: ${result}`);
    const key = `${name}: ${result}`;
    this.tally.set(key, (this.tally.get(key) ?? 0) + 1);
  }

  async #grant(
    doctor = this.#options.dice.pick(this.#doctors),
    lasting = this.#options.dice.pick([5, 20, HOUR]),
  ): Promise<void> {
    const { dice } = this.#options;
    const { party } = this.#patient;
    const { grant } = await grantRight(party, {
      grantee: doctor.party.address,
      categories: lasting === HOUR || dice.chance(0.7) ? CATEGORIES : ['laboratory'],
      actions: lasting === HOUR || dice.chance(0.8) ? ['read', 'add', 'amend'] : ['read'],
      purpose: 'TREAT',
      until: seconds(party.clock) + lasting,
    });
    doctor.rights.push(grant);
  }

  async #revoke(): Promise<void> {
    const { party } = this.#patient;
    const { grants } = await readPatientState(party);
    if (grants.length === 0) return;
    await revokeRight(party, this.#options.dice.pick(grants).digest);
  }

  async #add(actor: Actor, right?: Grant): Promise<void> {
    const version = await this.#version(actor, right);
    if (version !== undefined) await addRecord(actor.party, version);
  }

  async #amend(actor: Actor): Promise<void> {
    const version = await this.#version(actor);
    if (version === undefined) return;
    const chart = await readChart(actor.party, version);
    if (chart.records.length === 0) return;
    const amends = this.#options.dice.pick(chart.records);
    await addRecord(actor.party, { ...version, category: amends.category, amends });
  }

  /** Several writes at once, and one of them twice. */
  async #array(actor: Actor): Promise<void> {
    const version = await this.#version(actor);
    if (version === undefined) return;
    const { party } = actor;
    const submissions: Submission[] = [];
    for (let count = this.#options.dice.between(1, 3); count > 0; count--) {
      const sealed = await sealVersion(party, bytesToHex(party.random(32)), version);
      const { record, category, epoch, file, size, handle, grant, purpose } = sealed;
      const write: Write = {
        log: party.log,
        action: 'add',
        handle,
        record,
        version: 1,
        begunBy: party.address,
        about: ZERO32,
        category,
        epoch,
        file,
        size,
        grant: grant === undefined ? `0x${'00'.repeat(32)}` : digestOf(party, 'Grant', grant),
        purpose,
        deadline: seconds(party.clock) + 300,
        salt: bytesToHex(party.random(16)),
      };
      const request = sign(party, party, 'Write', write);
      submissions.push({ request, ...(grant && { opening: grant }) });
    }
    await party.agent.submit([...submissions, ...submissions.slice(0, 1)]);
  }

  async #view(actor: Actor): Promise<void> {
    const version = await this.#version(actor);
    if (version === undefined) return;
    const chart = await readChart(actor.party, version);
    const { dice } = this.#options;
    if (chart.records.length === 0) return;
    if (chart.records.length > 1 && dice.chance(0.5)) await this.#readAll(actor.party, chart);
    else await this.#read(actor.party, chart, dice.pick(chart.records));
  }

  /** Reads several records by one view. */
  async #readAll(party: Party, chart: Chart): Promise<void> {
    for await (const read of readRecords(party, chart, chart.records.slice(-8))) {
      if ('error' in read) throw read.error;
      requireLine(read.content);
    }
  }

  async #read(party: Party, chart: Chart, wanted: ChartRecord): Promise<void> {
    const { content } = await readRecord(party, chart, wanted);
    requireLine(content);
  }

  async #repeat({ party, sent }: Actor): Promise<void> {
    if (sent.length > 0) await party.agent.submit([this.#options.dice.pick(sent)]);
  }

  async #receipt({ party, acknowledged }: Actor): Promise<void> {
    if (acknowledged.length === 0) return;
    await fetchReceipt(party, this.#options.dice.pick(acknowledged));
  }

  /** Something new to write by a right that the actor was given, if there is one. */
  async #version(
    { party, rights }: Actor,
    right = this.#options.dice.chance(0.6) ? rights.at(-1) : undefined,
  ): Promise<NewVersion | undefined> {
    const { dice } = this.#options;
    const content = utf8ToBytes(`line ${this.#lines++}`);
    const category = dice.pick(['laboratory', 'other'] as const);
    if (party === this.patient) {
      const { handle } = await readPatientState(party);
      return { handle, category, content, purpose: 'PATRQT' };
    }
    if (rights.length === 0) return undefined;
    const grant = right ?? dice.pick(rights);
    return { handle: grant.handle, category, content, purpose: 'TREAT', grant };
  }
}

/** Someone whose agent is asked again, with the same bytes, if no answer comes. */
function actorOf(party: Party, witness: Witness, rights: readonly Grant[]): Actor {
  const sent: Submission[] = [];
  const acknowledged: Acknowledgement[] = [];
  const agent = new Proxy(party.agent, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function' || name === 'download' || name === 'upload') {
        return member;
      }
      return async (...values: unknown[]): Promise<unknown> => {
        const answer: unknown = await again(
          async () => await Reflect.apply(member, target, values),
        );
        if (name === 'submit') note(values[0] as Submission[], answer as Outcome[]);
        return answer;
      };
    },
  });
  return { party: { ...party, agent }, rights: [...rights], sent, acknowledged };

  function note(submissions: readonly Submission[], outcomes: readonly Outcome[]): void {
    for (const [place, submission] of submissions.entries()) {
      const outcome = outcomes[place];
      if (outcome === undefined) continue;
      sent.push(submission);
      witness.heard(submission, outcome);
      if ('acknowledgement' in outcome && outcome.acknowledgement !== undefined) {
        acknowledged.push(outcome.acknowledgement);
      }
    }
  }
}

function requireLine(content: Uint8Array): void {
  const text = bytesToUtf8(content);
  if (!text.startsWith('line ')) throw new Error(`a record says ${text}`);
}

async function again<Result>(call: () => Promise<Result>): Promise<Result> {
  for (let left = TRIES; ; left--) {
    try {
      return await call();
    } catch (error) {
      if (left === 1 || !isMedsealError(error, 'PEER_UNREACHABLE')) throw error;
    }
  }
}
