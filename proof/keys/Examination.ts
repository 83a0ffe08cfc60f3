import type { Party } from '../../src/client/party/Party.ts';
import { readAudit } from '../../src/client/audit/readAudit.ts';
import { readChart, type Chart } from '../../src/client/records/readChart.ts';
import { readRecords } from '../../src/client/records/readRecords.ts';
import { restorePatient } from '../../src/client/state/restorePatient.ts';
import { openFileKey } from '../../src/crypto/sealing/openFileKey.ts';
import { openBytes } from '../../src/crypto/sealing/openBytes.ts';
import { isMedsealError } from '../../src/errors/isMedsealError.ts';
import { toMedsealError } from '../../src/errors/toMedsealError.ts';
import type { Bytes32 } from '../../src/protocol/ids.ts';
import { sealedAtNodes } from '../../src/node/test/sealedAtNodes.ts';
import { Adversary } from './Adversary.ts';
import { TROUBLED } from './KeysNetwork.ts';
import type { ModelFile, ModelRight } from './KeysModel.ts';
import type { PatientAt } from './People.ts';
import type { Stage } from './Stage.ts';
import type { Step } from './Step.ts';

/** Compares what everybody can open with what the model says, both ways. */
export class Examination {
  readonly #stage: Stage;
  /** Refusal of each right when it was last relied on. */
  readonly #refused = new Map<Bytes32, string>();
  /** Files that were fetched from nodes, by the right that was relied on. */
  readonly #fetched = new Set<string>();

  /** @param stage - People, network and model. */
  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /**
   * Compares it now.
   * @param after - The step that was done: it tells what has to be looked at; everything if absent.
   * @returns Differences, each in a sentence.
   */
  async compare(after?: Step): Promise<readonly string[]> {
    const { at, model, people, held } = this.#stage;
    const only = after !== undefined && 'patient' in after ? after.patient : undefined;
    for (const log of held.written) await at.copy(log);
    held.written.clear();
    const faults = held.unseen.map((what) => `a node gave out ${what} without a view`);
    for (const right of model.rights) {
      if (only !== undefined && only !== right.patient) continue;
      const found = await at.until(this.#honest(right));
      faults.push(...found.map((fault) => `${nameOf(right)}: ${fault}`));
    }
    for (const [number, patient] of people.patients.entries()) {
      if (after !== undefined && (only !== number || !changesState(after))) continue;
      const found = await at.until(this.#restored(number, patient));
      faults.push(...found.map((fault) => `patient ${number} by the words: ${fault}`));
    }
    if (after === undefined || after.do === 'erase') faults.push(...(await this.#phrase()));
    model.tell(at.now);
    for (const [number, { adversary }] of people.grantees.entries()) {
      const open = await adversary.open(held);
      for (const [patient, { handle }] of people.patients.entries()) {
        if (!model.isForeign(patient, number) || !adversary.hasOf(handle)) continue;
        faults.push(
          `patient ${patient} sealed to a key of grantee ${number} that was not accepted`,
        );
      }
      for (const file of model.files) {
        if (open.has(file.hash) && !model.mayOpen(number, file)) {
          faults.push(`grantee ${number} can open ${textOf(file)}, and never might`);
        }
      }
    }
    return [...faults, ...(await this.#former())];
  }

  /** Finds erased files that the phrase of a patient opens with all that honest nodes hold now. */
  async #phrase(): Promise<readonly string[]> {
    const { at, held, model, people } = this.#stage;
    const faults: string[] = [];
    const { cipher } = at.network.ports;
    const sealed = [...(await sealedAtNodes(at.network, TROUBLED))];
    for (const [number, { devices }] of people.patients.entries()) {
      const erased = model.files.filter((each) => each.patient === number && each.erased === 'yes');
      if (erased.length === 0) continue;
      const adversary = new Adversary(cipher);
      for (const { keys } of devices.slice(0, 1)) adversary.stole(keys);
      const files = new Map(
        erased.map(({ hash }) => [hash, held.files.get(hash) ?? new Uint8Array()]),
      );
      const open = await adversary.open({ sealed, files });
      for (const file of erased) {
        const own = adversary.ownIdentitiesWith(adversary, file.epoch);
        if (open.has(file.hash) || (await this.#opens(own, file.hash))) {
          faults.push(`the phrase and what nodes hold open ${textOf(file)}`);
        }
      }
    }
    return faults;
  }

  /** Finds what thieves of former seeds can open of later, alone, with earlier thieves, or with a grantee who could not without them. */
  async #former(): Promise<readonly string[]> {
    const { held, model, people } = this.#stage;
    const faults: string[] = [];
    const hashes = [...held.files.keys()];
    for (const [number, { former }] of people.patients.entries()) {
      for (const { adversary } of former) await adversary.open(held);
      for (const [place, { adversary: thief, since }] of former.entries()) {
        const alone = await thief.open(held);
        // Earlier thieves join; a later one may open what came before its own theft.
        const thieves = former.slice(0, place + 1).map((each) => each.adversary);
        for (const hash of hashes.slice(since)) {
          const file = model.files.find((each) => each.hash === hash);
          if (file?.patient !== number) continue;
          const others = [...thieves, ...people.grantees.map((grantee) => grantee.adversary)];
          const own = others.flatMap((each) => thief.ownIdentitiesWith(each, file.epoch));
          const opens = alone.has(hash) || (await this.#opens(own, hash));
          if (opens) faults.push(`a thief of a former seed can open ${textOf(file)}`);
        }
      }
    }
    return faults;
  }

  async #opens(identities: readonly string[], hash: Bytes32): Promise<boolean> {
    const { held, at } = this.#stage;
    const sealed = held.files.get(hash);
    if (identities.length === 0 || sealed === undefined) return false;
    const { cipher } = at.network.ports;
    return await openFileKey(identities, [sealed], { cipher }).then(
      () => true,
      () => false,
    );
  }

  /** Finds what is missing on the audits of the patients. */
  async audit(): Promise<readonly string[]> {
    const { at, held, people } = this.#stage;
    const faults: string[] = [];
    // An audit is up to the newest checkpoint of each log.
    for (const log of new Set(held.views.map(({ acknowledgement }) => acknowledgement.log))) {
      await at.copy(log);
    }
    for (const [number, { handle, devices }] of people.patients.entries()) {
      const [device] = devices;
      if (device === undefined) continue;
      const views = held.views.filter(({ view }) => view.handle === handle);
      const entries = new Set<Bytes32>();
      const { logs } = await at.until(readAudit(device));
      for (const { log, checkpoint, complete, unchecked, events } of logs) {
        for (const { entry } of events) entries.add(entry);
        if (checkpoint === undefined || complete) continue;
        faults.push(
          `the audit of patient ${number} in ${log} is not complete: ${unchecked.join()}`,
        );
      }
      for (const { acknowledgement } of views) {
        const { log, index, entry } = acknowledgement;
        if (!entries.has(entry)) faults.push(`${log} #${index} is not on the audit of ${number}`);
      }
    }
    return faults;
  }

  /** Compares what a grantee gets by a right with the model. */
  async #honest(right: ModelRight): Promise<readonly string[]> {
    const { model, people } = this.#stage;
    const grantee = people.grantees[right.grantee] as { readonly party: Party };
    const { grant, digest } = right;
    const standing = model.standing(right);
    const wanted = { handle: grant.handle, grant, purpose: 'TREAT' } as const;
    if (standing !== 'holds') {
      // Each refusal is evidence, and the number of entries in a minute is limited.
      if (this.#refused.get(digest) === standing.join()) return [];
      this.#refused.set(digest, standing.join());
      const code = await codeOf(readChart(grantee.party, wanted));
      return standing.includes(code) ? [] : [`it ends with ${code} and not ${standing.join()}`];
    }
    this.#refused.delete(digest);
    let chart: Chart;
    try {
      chart = await readChart(grantee.party, wanted);
    } catch (error) {
      const { code } = toMedsealError(error);
      // The deposits are sealed to the key that the grantee had.
      if (code === 'SEAL_UNREADABLE' && model.isUnaccepted(right)) return [];
      return [`the chart is refused: ${describe(error)}`];
    }
    const covered = model.covered(right);
    const anything = model.isUnaccepted(right) ? ['KEY_PENDING', 'RECORD_ERASED', 'opens'] : [];
    return await this.#listed(grantee.party, chart, covered, digest, (file) => [
      ...model.reading(right, file),
      ...anything,
    ]);
  }

  /** Compares what a new device of the patient opens, which knows only the words. */
  async #restored(number: number, patient: PatientAt): Promise<readonly string[]> {
    const { model, people } = this.#stage;
    const device = people.newDevice(patient);
    const { handle } = patient;
    try {
      const { unknown } = await restorePatient(device);
      if (unknown.length > 0) return [`it does not know the grants ${unknown.join()}`];
    } catch (error) {
      return [`it is not restored: ${describe(error)}`];
    }
    const chart = await readChart(device, { handle, purpose: 'PATRQT' });
    const own = model.files.filter((file) => file.patient === number);
    return await this.#listed(device, chart, own, handle, (file) => model.readingOwn(file));
  }

  async #listed(
    party: Party,
    chart: Chart,
    files: readonly ModelFile[],
    by: Bytes32,
    expected: (file: ModelFile) => readonly string[],
  ): Promise<readonly string[]> {
    const faults: string[] = [];
    const listed = new Map(chart.records.map((record) => [record.file, record]));
    for (const file of files) {
      const record = listed.get(file.hash);
      listed.delete(file.hash);
      if (record === undefined) {
        faults.push(`${textOf(file)} is not on the chart`);
        continue;
      }
      const result = await this.#read(party, chart, record, by);
      const wanted = expected(file);
      if (!wanted.includes(result)) {
        faults.push(`${textOf(file)}: ${result}, and not ${wanted.join(' or ')}`);
      }
    }
    return [...faults, ...[...listed.keys()].map((hash) => `${hash} is on the chart`)];
  }

  /** Returns the result of reading a version: `opens`, or a code. It is fetched from nodes once. */
  async #read(
    party: Party,
    chart: Chart,
    record: Chart['records'][number],
    by: Bytes32,
  ): Promise<string> {
    const name = `${by} ${record.file}`;
    if (!this.#fetched.has(name)) {
      for await (const read of readRecords(party, chart, [record])) {
        if ('error' in read) return read.error.code;
        this.#fetched.add(name);
      }
      return 'opens';
    }
    const { cipher } = party;
    if (this.#stage.at.guarded) return outcomeOf(chart, record);
    const sealed = this.#stage.held.files.get(record.file) ?? new Uint8Array();
    try {
      await openBytes([chart.openerFor(record)], sealed, { ...(cipher && { cipher }) });
      return 'opens';
    } catch (error) {
      return toMedsealError(error).code;
    }
  }
}

/** Tells whether the keys are there of a guarded version that was opened before: nodes are not asked for shares again. */
function outcomeOf(chart: Chart, record: Chart['records'][number]): string {
  try {
    chart.openerFor(record);
    return 'opens';
  } catch (error) {
    return toMedsealError(error).code;
  }
}

/** Tells whether a step changes what a patient's devices know. */
function changesState(step: Step): boolean {
  return 'patient' in step && step.do !== 'add' && step.do !== 'amend';
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => 'nothing',
    (error: unknown) => toMedsealError(error).code,
  );
}

/** Describes an error, to find its reason. */
export function describe(error: unknown): string {
  if (isMedsealError(error)) return `${error.code} ${error.message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function nameOf({ digest, patient, grantee }: ModelRight): string {
  return `right ${digest.slice(2, 8)} of patient ${patient} for grantee ${grantee}`;
}

function textOf({ hash, patient, category, epoch, version, erased }: ModelFile): string {
  const fate = erased === 'no' ? '' : `, erased: ${erased}`;
  return `${hash.slice(2, 8)} (patient ${patient}, ${category}, epoch ${epoch}, version ${version}${fate})`;
}
