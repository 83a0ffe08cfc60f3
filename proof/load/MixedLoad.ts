// Over 400 lines: whatever anyone can do on a network is done by one cast, which remembers what it was promised.

import {
  approveAccess,
  declineAccess,
  handOver,
  requestAccess,
} from '../../src/client/letters/accessRequests.ts';
import { addRecord } from '../../src/client/records/addRecord.ts';
import { checkInbox } from '../../src/client/care/inbox/checkInbox.ts';
import { commitEpochs } from '../../src/client/epochs/commitEpochs.ts';
import { confirmFacts } from '../../src/client/audit/confirmFacts.ts';
import { enrol } from '../../src/client/party/enrol.ts';
import { fetchReceipt } from '../../src/client/audit/fetchReceipt.ts';
import { grantRight, type RightGiven } from '../../src/client/rights/grantRight.ts';
import { httpAgent } from '../../src/client/agent/httpAgent.ts';
import { logVersion } from '../../src/client/records/logVersion.ts';
import { memoryDevice } from '../../src/client/party/memoryDevice.ts';
import { openParty, type Party } from '../../src/client/party/Party.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { readAudit } from '../../src/client/audit/readAudit.ts';
import { readChart } from '../../src/client/records/readChart.ts';
import { readRecord } from '../../src/client/records/readRecord.ts';
import { refreshPackets } from '../../src/client/epochs/refreshPackets.ts';
import { revokeRight } from '../../src/client/rights/revokeRight.ts';
import {
  sealVersion,
  type NewVersion,
  type SealedVersion,
} from '../../src/client/records/sealVersion.ts';
import type { AuthorityKey } from '../../src/client/rights/signByMembers.ts';
import { suspendParty } from '../../src/client/rights/suspendParty.ts';
import { bytesToHex, bytesToUtf8, utf8ToBytes } from '../../src/crypto/bytes.ts';
import { isMedsealError } from '../../src/errors/isMedsealError.ts';
import type { NodePorts } from '../../src/folder/NodePorts.ts';
import type { Dice } from '../simulation/Dice.ts';
import type { AgentPort, Submission } from '../../src/protocol/AgentPort.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import type { Acknowledgement, Outcome } from '../../src/protocol/evidence/evidence.ts';
import type { LogName, Organisation } from '../../src/protocol/ids.ts';
import type { NetworkFile } from '../../src/protocol/network/NetworkFile.ts';
import type { Grant } from '../../src/protocol/struct/requests.ts';
import { CATEGORIES, type Role } from '../../src/protocol/vocabulary.ts';
import { checkCharts, headOf } from '../../src/node/test/checkCharts.ts';
import type { Promised } from '../../src/node/test/Promised.ts';

/** Duration of a right that outlives a run, seconds. */
const DAY = 24 * 3600;
/** The most rights that one patient has given at a time: each costs a packet with every end of another. */
const MOST_RIGHTS = 8;

/** Options of `MixedLoad`. */
export interface MixedLoadOptions {
  readonly network: NetworkFile;
  readonly ports: NodePorts;
  /** Members of the authority, who suspend. */
  readonly authority: readonly AuthorityKey[];
  /** Organisations of the network; the first two have patients. */
  readonly organisations: readonly [Organisation, ...Organisation[]];
  /** Returns the present address of an organisation's agent. */
  readonly url: (organisation: Organisation) => string;
  readonly dice: Dice;
  readonly promised: Promised;
}

/** Somebody at a device. */
interface Actor {
  readonly party: Party;
  readonly acknowledged: Acknowledgement[];
}

/** A doctor, with the rights that were handed over. */
interface Doctor extends Actor {
  readonly rights: Grant[];
}

/** One thing that somebody does. */
type Deed = readonly [kind: string, run: () => Promise<unknown>];

/** Patients and doctors who do everything that can be asked of a network, over HTTP. */
export class MixedLoad {
  /** Number of times that each thing was done, or refused, by kind and code. */
  readonly tally = new Map<string, number>();
  /** Milliseconds that each thing took which was done, by kind; emptied by whoever reads them. */
  latencies = new Map<string, number[]>();
  /** Things that are being done now. */
  readonly underWay = new Set<string>();
  readonly #options: MixedLoadOptions;
  readonly #patients: Actor[] = [];
  readonly #doctors: Doctor[] = [];
  /** Beginning of the text in each sealed file, by its hash. */
  readonly #texts = new Map<string, string>();
  /** Files that a vault took and no entry names yet. */
  readonly #uploaded: { readonly party: Party; readonly sealed: SealedVersion }[] = [];
  #lines = 0;

  private constructor(options: MixedLoadOptions) {
    this.#options = options;
  }

  /** Enrols two patients, and a doctor at each organisation. */
  static async begin(options: MixedLoadOptions): Promise<MixedLoad> {
    const load = new MixedLoad(options);
    const { organisations } = options;
    for (const organisation of organisations.slice(0, 2)) await load.#addPatient(organisation);
    for (const organisation of organisations) await load.#addDoctor(organisation);
    return load;
  }

  async #addPatient(organisation: Organisation): Promise<void> {
    const patient = await this.#enrolled('patient', organisation);
    await commitEpochs(patient.party, 6);
    this.#patients.push(patient);
  }

  async #addDoctor(organisation: Organisation): Promise<void> {
    const doctor = await this.#enrolled('doctor', organisation);
    this.#doctors.push({ ...doctor, rights: [] });
  }

  /** Others come in place of the patient and the doctor who were there the longest, so that no chart grows for ever. */
  async renew(): Promise<void> {
    await this.#addPatient(this.#patients[0]?.party.log.split('/')[1] ?? '');
    await this.#addDoctor(this.#doctors[0]?.party.log.split('/')[1] ?? '');
    this.#patients.shift();
    this.#doctors.shift();
    this.#uploaded.length = 0;
  }

  /** The agents by the logs that they speak for; what they are asked is not noted. */
  get agents(): ReadonlyMap<LogName, AgentPort> {
    const { organisations, url } = this.#options;
    return new Map(organisations.map((name) => [`care/${name}`, httpAgent(url(name))]));
  }

  /** Does one thing after another until it is told to stop, or the node does not answer any more. */
  async run(signal: AbortSignal, pause?: () => Promise<unknown>): Promise<void> {
    while (!signal.aborted) {
      const gone = await this.attempt(this.#options.dice.pick(this.#deeds()));
      if (gone) return;
      await pause?.();
    }
  }

  /** Does every kind of thing once, in an order of its own. */
  async tour(): Promise<void> {
    for (const deed of this.#deeds()) await this.attempt(deed);
  }

  /** Does one thing; returns whether the node was gone. */
  async attempt([kind, run]: Deed): Promise<boolean> {
    const begun = performance.now();
    let result = 'done';
    this.underWay.add(kind);
    try {
      await run();
      const taken = this.latencies.get(kind) ?? [];
      taken.push(performance.now() - begun);
      this.latencies.set(kind, taken);
    } catch (error) {
      if (!isMedsealError(error)) throw error;
      result = error.code;
      if (error.code === 'INTERNAL') this.#options.promised.violations.push(`${kind}: INTERNAL`);
    }
    this.underWay.delete(kind);
    const name = `${kind}: ${result}`;
    this.tally.set(name, (this.tally.get(name) ?? 0) + 1);
    return result === 'PEER_UNREACHABLE';
  }

  #deeds(): readonly Deed[] {
    const { dice } = this.#options;
    const patient = dice.pick(this.#patients);
    const doctor = dice.pick(this.#doctors);
    return [
      [
        'enrol',
        async () =>
          await this.#enrolled(
            dice.pick(['doctor', 'nurse', 'patient'] as const),
            dice.pick(this.#options.organisations),
          ),
      ],
      ['commit', async () => await commitEpochs(patient.party, dice.between(4, 12))],
      ['grant', async () => await this.#grant(patient, doctor, DAY)],
      ['grant', async () => await this.#grant(patient, doctor, DAY)],
      ['grant that ends', async () => await this.#grant(patient, doctor, dice.between(1, 4))],
      ['revoke', async () => await this.#revoke(patient)],
      ['ask', async () => await this.#ask(patient, doctor)],
      ['answer', async () => await this.#answer(patient)],
      ['inbox', async () => await this.#inbox(doctor)],
      ['add', async () => await this.#add(doctor)],
      ['add', async () => await this.#add(doctor)],
      ['add', async () => await this.#add(patient)],
      ['amend', async () => await this.#amend(doctor)],
      ['withdraw', async () => await this.#amend(patient, new Uint8Array())],
      ['upload', async () => await this.#upload(doctor)],
      ['log uploaded', async () => await this.logUploaded(1)],
      ['view', async () => await this.#view(doctor)],
      ['view', async () => await this.#view(patient)],
      ['audit', async () => await readAudit(patient.party)],
      ['receipt', async () => await this.#receipt(doctor)],
      ['keep', async () => await refreshPackets(patient.party)],
      ['suspend', async () => await this.#suspend(doctor)],
      ['stranger', async () => await this.#stranger(patient, doctor)],
    ];
  }

  async #enrolled(role: Role, organisation: Organisation): Promise<Actor> {
    const actor = await this.#actor(organisation);
    await enrol(actor.party, { role, organisation });
    const { party } = await confirmFacts(actor.party, { party: actor.party.address });
    if (party?.role !== role) this.#options.promised.violations.push('an enrolment is lost');
    return actor;
  }

  async #actor(organisation: Organisation): Promise<Actor> {
    const { network, ports, url, promised } = this.#options;
    const acknowledged: Acknowledgement[] = [];
    const submit = async (submissions: readonly Submission[]): Promise<readonly Outcome[]> => {
      promised.asked(submissions);
      const outcomes = await httpAgent(url(organisation)).submit(submissions);
      promised.told(submissions, outcomes);
      for (const outcome of outcomes) {
        if (outcome.outcome === 'acknowledged') acknowledged.push(outcome.acknowledgement);
      }
      return outcomes;
    };
    const agent = new Proxy({} as AgentPort, {
      get: (_, name) =>
        name === 'submit' ? submit : Reflect.get(httpAgent(url(organisation)), name),
    });
    const log: LogName = `care/${organisation}`;
    const device = memoryDevice();
    const party = await openParty({
      ...ports,
      seed: ports.random(32),
      network,
      agent,
      log,
      device,
    });
    return { party, acknowledged };
  }

  async #grant(patient: Actor, doctor: Doctor, lasting: number): Promise<void> {
    const { grants } = await readPatientState(patient.party);
    const now = seconds(patient.party.clock);
    const standing = grants.filter(({ grant }) => grant.terms.until > now);
    // As many end as begin, so that a long run costs no more in the end.
    if (standing.length >= MOST_RIGHTS) await this.#revoke(patient);
    const { dice } = this.#options;
    const right: RightGiven = {
      grantee: doctor.party.address,
      categories: dice.chance(0.7) ? CATEGORIES : ['laboratory', 'other'],
      actions: ['read', 'add', 'amend'],
      purpose: 'TREAT',
      until: now + lasting,
    };
    const given = await grantRight(patient.party, right);
    doctor.rights.push(given.grant);
    await handOver(patient.party, given);
  }

  async #revoke({ party }: Actor): Promise<void> {
    const { handle, grants } = await readPatientState(party);
    const { grants: active = [] } = await confirmFacts(party, { handle, grants: true });
    const standing = grants.filter(({ digest }) => active.includes(digest));
    if (standing.length === 0) return;
    await revokeRight(party, this.#options.dice.pick(standing).digest);
  }

  async #ask({ party: patient }: Actor, { party }: Doctor): Promise<void> {
    const { handle } = await readPatientState(patient);
    await requestAccess(party, {
      handle,
      categories: ['laboratory'],
      actions: ['read'],
      purpose: 'TREAT',
      until: seconds(party.clock) + DAY,
    });
  }

  async #answer({ party }: Actor): Promise<void> {
    const { requests } = await checkInbox(party);
    for (const asked of requests) {
      if (this.#options.dice.chance(0.3))
        await approveAccess(party, asked, seconds(party.clock) + 5);
      else await declineAccess(party, asked);
    }
  }

  async #inbox({ party, rights }: Doctor): Promise<void> {
    const news = await checkInbox(party);
    rights.push(...news.rights);
    rights.splice(0, rights.length - 16);
  }

  async #add(actor: Actor | Doctor): Promise<void> {
    const version = await this.#version(actor);
    if (version !== undefined) await this.#log(actor.party, version);
  }

  async #amend(actor: Actor | Doctor, content?: Uint8Array): Promise<void> {
    const version = await this.#version(actor);
    if (version === undefined) return;
    const chart = await readChart(actor.party, version);
    if (chart.records.length === 0) return;
    const amends = this.#options.dice.pick(chart.records);
    const { category } = amends;
    await this.#log(actor.party, { ...version, ...(content && { content }), category, amends });
  }

  async #upload(doctor: Doctor): Promise<void> {
    const version = await this.#version(doctor);
    if (version === undefined) return;
    const { party } = doctor;
    const sealed = await sealVersion(party, bytesToHex(party.random(32)), version);
    this.#texts.set(sealed.file, headOf(bytesToUtf8(version.content)));
    this.#uploaded.push({ party, sealed });
  }

  /** Puts on the log what was uploaded before: the vault must have it. */
  async logUploaded(count = this.#uploaded.length): Promise<void> {
    for (const { party, sealed } of this.#uploaded.splice(0, count)) {
      await logVersion(party, sealed).catch((error: unknown) => {
        if (!isMedsealError(error)) throw error;
        if (error.code !== 'FILE_ABSENT') throw error;
        this.#options.promised.violations.push('a sealed file is lost');
      });
    }
  }

  async #log(party: Party, version: NewVersion & { readonly content: Uint8Array }): Promise<void> {
    // Sealed content is known by its hash, whether or not an answer comes.
    const agent = new Proxy(party.agent, {
      get: (target, name) => {
        if (name !== 'upload') return Reflect.get(target, name);
        const upload: AgentPort['upload'] = async (request, content) => {
          this.#texts.set(request.message.file, headOf(bytesToUtf8(version.content)));
          await target.upload(request, content);
        };
        return upload;
      },
    });
    await addRecord({ ...party, agent }, version);
  }

  async #view(actor: Actor | Doctor): Promise<void> {
    const version = await this.#version(actor);
    if (version === undefined) return;
    const chart = await readChart(actor.party, version);
    if (chart.records.length === 0) return;
    const wanted = this.#options.dice.pick(chart.records);
    const { content } = await readRecord(actor.party, chart, wanted);
    this.#compare(wanted.file, content);
  }

  #compare(file: string, content: Uint8Array): void {
    if (this.#texts.get(file) === headOf(bytesToUtf8(content))) return;
    this.#options.promised.violations.push(`a record says ${headOf(bytesToUtf8(content))}`);
  }

  async #receipt({ party, acknowledged }: Actor): Promise<void> {
    const last = acknowledged.at(-1);
    if (last !== undefined) await fetchReceipt(party, last);
    acknowledged.splice(0, acknowledged.length - 16);
  }

  /** Suspends a doctor, and lets the doctor back in. */
  async #suspend({ party }: Doctor): Promise<void> {
    const { authority } = this.#options;
    for (const suspended of [true, false]) {
      await suspendParty(party, authority, { party: party.address, suspended });
    }
  }

  /** Asks for what there is no right to; the refusal is evidence. */
  async #stranger({ party: patient }: Actor, { party }: Doctor): Promise<void> {
    const { handle } = await readPatientState(patient);
    await readChart(party, { handle, purpose: 'HPAYMT' });
  }

  /** Something new to write by a right that the actor was given, if there is one. */
  async #version(
    actor: Actor | Doctor,
  ): Promise<(NewVersion & { readonly content: Uint8Array }) | undefined> {
    const { dice } = this.#options;
    const category = dice.pick(['laboratory', 'other'] as const);
    // Some are rows of the vault's index, some files of their own.
    const content = utf8ToBytes(`line ${this.#lines++} ${'.'.repeat(dice.pick([0, 200, 40_000]))}`);
    if (!('rights' in actor)) {
      const { handle } = await readPatientState(actor.party);
      return { handle, category, content, purpose: 'PATRQT' };
    }
    if (actor.rights.length === 0) return undefined;
    const grant = dice.chance(0.7) ? actor.rights.at(-1) : dice.pick(actor.rights);
    return grant && { handle: grant.handle, category, content, purpose: 'TREAT', grant };
  }

  /**
   * Checks everything that can be seen: audits are complete, charts list what was accepted, once, and each version can
   * be read.
   * @param most - Largest number of versions of a chart that are read.
   */
  async finish(most = Infinity): Promise<void> {
    const { promised, dice } = this.#options;
    await this.logUploaded().catch(() => undefined);
    promised.checkOnce();
    for (const { party } of this.#patients) await refreshPackets(party);
    const patients = this.#patients.map(({ party }) => party);
    await checkCharts(patients, { promised, texts: this.#texts, dice, most });
  }
}
