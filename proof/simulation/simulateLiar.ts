import { examineAudit } from '../../src/client/audit/examineAudit.ts';
import type { AuditedLog } from '../../src/client/audit/Audit.ts';
import { submitEvidence } from '../../src/client/agent/submit.ts';
import { addRecord } from '../../src/client/records/addRecord.ts';
import { acceptedWrite } from '../../src/log/acceptedWrite.ts';
import { utf8ToBytes } from '../../src/crypto/bytes.ts';
import { ageIdentity, recipientOf } from '../../src/crypto/keys/ageIdentity.ts';
import { isMedsealError } from '../../src/errors/isMedsealError.ts';
import type { Acknowledgement } from '../../src/protocol/evidence/evidence.ts';
import { ZERO32, type Bytes32, type Organisation } from '../../src/protocol/ids.ts';
import { parseEntryBody } from '../../src/protocol/evidence/parseBody.ts';
import { logOf } from '../../src/protocol/network/networkLookups.ts';
import { readerSalt } from '../../src/protocol/release/readerSalt.ts';
import type { RunningOrganisation } from '../../src/node/openOrganisation.ts';
import type { SavedFolder } from '../../src/node/test/memoryFolder.ts';
import { viewOf } from '../../src/node/test/requests.ts';
import { sealOf } from '../../src/node/test/sealOf.ts';
import { silence } from '../../src/node/test/silenced.ts';
import {
  behind,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../src/node/test/testNetwork.ts';
import { Dice } from './Dice.ts';

/** The organisation that lies, and its log. */
const LIAR = 'hospital';
const LOG = 'care/hospital';
const NAMES = ['hospital', 'laboratory', 'insurer', 'pharmacy'];
/** Organisations, how many judge and checkpoint, how many release: one that waits for checkpoints, and two that do not. */
const SIZES = [
  [3, 2, 2],
  [3, 2, 3],
  [4, 3, 3],
] as const;
const STEPS = 14;
/** Milliseconds after which whatever was promised is due, and a restored organisation waits for one checkpoint more. */
const LONG = 700_000;

/** One run of a consortium with a liar. */
export interface LiarRun {
  /** Violations, each in a sentence; empty in a sound run. */
  readonly violations: readonly string[];
  /** Steps that were taken. */
  readonly trace: readonly string[];
  /** True if the liar's log showed somebody another history than came on the ledger. */
  readonly forked: boolean;
  /** Number of readings: views that enough organisations released for. */
  readonly readings: number;
}

/**
 * Runs a consortium in which the organisation of a log has two copies of its node, and shows them to whom it pleases: it
 * has views judged and released here, and checkpoints made there, and goes on with one of them in the end. Others
 * restart, come back from a backup one after the other, and copy from either. The same seed gives the same run.
 *
 * @param seed - Any text.
 */
export async function simulateLiar(seed: string): Promise<LiarRun> {
  const dice = new Dice(`${seed} liar`);
  const [size, writes, views] = dice.pick(SIZES);
  const organisations = NAMES.slice(0, size);
  const network = await startTestNetwork({
    guarded: true,
    cared: true,
    organisations,
    faulty: size === 4 ? 1 : 0,
    thresholds: { writes, views },
    // Nothing happens between two steps: each decides who is reached.
    policy: { maxEntries: 1_000_000, maxDelay: 1_000_000_000 },
  });
  const run = new Run(network, await startCare(network), dice, views);
  try {
    await run.begin();
    for (let step = 0; step < STEPS; step++) await run.step();
    await run.finish();
  } finally {
    await run.close();
  }
  const { violations, trace, forked, readings } = run;
  return { violations, trace: [`${size} ${writes} ${views}`, ...trace], forked, readings };
}

/** An entry that a copy of the log has at a place. */
type Placed = Pick<Acknowledgement, 'index' | 'entry'>;

/** A view for which organisations released. */
interface Released {
  readonly view: Placed;
  /** All of them. */
  readonly by: Set<Organisation>;
  /** Those that were not restored since, and tell it. */
  readonly told: Set<Organisation>;
}

/** A run under way. */
class Run {
  readonly violations: string[] = [];
  readonly trace: string[] = [];
  forked = false;
  readings = 0;
  readonly #network: TestNetwork;
  readonly #care: Care;
  readonly #dice: Dice;
  /** Number of organisations that release together. */
  readonly #threshold: number;
  readonly #honest: readonly Organisation[];
  /** True for those who mostly see the second copy. */
  readonly #side: Map<Organisation, boolean>;
  #twin: RunningOrganisation | undefined;
  readonly #backups = new Map<Organisation, SavedFolder>();
  /** Views with the honest organisations that released for them, and those of them that remember it. */
  readonly #released = new Map<Bytes32, Released>();
  /** Entries that were shown to each honest organisation that was never restored: another cannot prove what it forgot. */
  readonly #shown = new Map<Organisation, Placed[]>();
  readonly #restored = new Set<Organisation>();
  #read:
    | { readonly record: Bytes32; readonly version: number; readonly write: Acknowledgement }
    | undefined;

  constructor(network: TestNetwork, care: Care, dice: Dice, threshold: number) {
    this.#network = network;
    this.#care = care;
    this.#dice = dice;
    this.#threshold = threshold;
    this.#honest = [...network.keys.keys()].filter((name) => name !== LIAR);
    const others = dice.some(this.#honest, dice.between(1, this.#honest.length - 1));
    this.#side = new Map(this.#honest.map((name) => [name, others.includes(name)]));
  }

  async begin(): Promise<void> {
    const { doctor, handle, right } = this.#care;
    const own = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
    const content = utf8ToBytes('a guarded note');
    const { record, version, acknowledgement } = await addRecord(doctor, { ...own, content });
    this.#read = { record, version, write: acknowledgement };
    await this.#network.checkpoint();
    for (const name of this.#honest) this.#backups.set(name, await this.#network.save(name));
    this.#twin = await this.#network.double(LIAR, await this.#network.save(LIAR));
  }

  async step(): Promise<void> {
    const isTwin = this.#dice.chance(0.5);
    const isForAll = this.#dice.chance(0.25);
    const reached = this.#honest.filter((each) => {
      return this.#dice.chance(isForAll || this.#side.get(each) === isTwin ? 0.9 : 0.1);
    });
    const name = this.#dice.pick(this.#honest);
    const action = this.#dice.pick([
      ...(['view', 'view', 'view', 'view', 'checkpoint', 'checkpoint', 'checkpoint'] as const),
      ...(['look', 'restart', 'restore', 'time'] as const),
    ]);
    const copy = isTwin ? 'twin' : 'first';
    const to = action === 'view' || action === 'checkpoint' ? `${copy} to ${reached.join()}` : name;
    const result = await this.#through(isTwin, reached, async () => {
      if (action === 'view') await this.#view();
      else if (action === 'checkpoint') await this.#copy().administrator.checkpoint();
      else if (action === 'look') await this.#look(name);
      else if (action === 'restart') await this.#network.restart(name);
      else if (action === 'restore') await this.#restore(name);
      else await this.#wait(1000 * this.#dice.pick([1, 30, 120, 400]));
    });
    this.trace.push(`${action} ${to}: ${result}`);
  }

  /** Goes on with one of the copies, until everything is due, and examines what each honest organisation tells. */
  async finish(): Promise<void> {
    // Mostly with that which the ledger has, or it gets nothing signed any more.
    const isTwin =
      (await this.#held()).copy === this.#twin ? this.#dice.chance(0.8) : this.#dice.chance(0.2);
    for (let times = 0; times < 2; times++) {
      await this.#through(isTwin, this.#honest, async () => await this.#wait(LONG));
      const result = await this.#through(isTwin, this.#honest, async () => {
        await this.#view();
        await this.#copy().administrator.checkpoint();
      });
      this.trace.push(`goes on with the ${isTwin ? 'twin' : 'first'}: ${result}`);
    }
    const { entries: held } = await this.#held();
    this.#judgeReadings(held);
    for (const name of this.#honest) {
      const looked = await this.#through(isTwin, this.#honest, async () => await this.#look(name));
      this.trace.push(`${name} looks: ${looked}`);
    }
    for (const name of this.#honest) {
      const audited = await this.#through(isTwin, this.#honest, async () => {
        await this.#audit(name, held);
      });
      this.trace.push(`audit at ${name}: ${audited}`);
    }
  }

  async close(): Promise<void> {
    await this.#twin?.stop();
    await this.#twin?.close();
    await this.#network.close();
  }

  /** Has the liar be one of its copies, which reaches some of the others; returns how that ended. */
  async #through(
    isTwin: boolean,
    reached: readonly Organisation[],
    action: () => Promise<void>,
  ): Promise<string> {
    const { liars } = this.#network;
    this.#current = isTwin ? this.#twin : undefined;
    if (this.#current !== undefined) {
      liars.coordinator.set(LIAR, this.#current.coordinator);
      liars.contributor.set(LIAR, this.#current.contributor);
    }
    silence(this.#network, ...this.#honest.filter((name) => !reached.includes(name)));
    try {
      await action();
      return 'done';
    } catch (error) {
      if (isMedsealError(error)) return error.code;
      throw error;
    } finally {
      liars.coordinator.clear();
      liars.contributor.clear();
      this.#current = undefined;
    }
  }

  #current: RunningOrganisation | undefined;

  #copy(): RunningOrganisation {
    return this.#current ?? this.#network.services(LIAR);
  }

  /** Has a view judged, and asks everybody who is reached for the shares. */
  async #view(): Promise<void> {
    const { doctor, right } = this.#care;
    const { record, version, write } = this.#read ?? { record: '0x', version: 0, write: undefined };
    if (write === undefined) return;
    const opening = right.grant;
    const recipient = await recipientOf(ageIdentity(new Uint8Array(32).fill(5)));
    const deadline = Math.floor(this.#network.clock.now() / 1000) + this.#dice.between(100, 300);
    const salt = readerSalt(doctor.primitives, recipient, 0);
    const view = viewOf(this.#care, { what: 'record', record, version, salt, deadline });
    const at = { ...doctor, agent: this.#copy().agent };
    const { acknowledgement: entry } = await submitEvidence(at, 'View', view, { opening });
    await this.#noteShown(entry);
    const { file } = acceptedWrite(parseEntryBody(write.body)) ?? { file: ZERO32 };
    const seal = await sealOf(this.#network, { file });
    const views = [{ ...seal, view: entry, place: 0, record: write, opening }];
    const known = this.#released.get(entry.entry) ?? {
      view: entry,
      by: new Set(),
      told: new Set(),
    };
    for (const name of this.#honest) {
      const { coordinator } = this.#network.services(name);
      if (this.#network.liars.coordinator.has(name)) continue;
      try {
        await coordinator.release({ log: LOG, recipient, views });
        known.by.add(name);
        known.told.add(name);
        this.#released.set(entry.entry, known);
      } catch (error) {
        if (!isMedsealError(error)) throw error;
      }
    }
    if (known.by.size + 1 === this.#threshold) this.readings += 1;
  }

  async #noteShown({ index, entry }: Placed): Promise<void> {
    for (const name of this.#honest) {
      if (this.#network.liars.coordinator.has(name)) continue;
      if (this.#restored.has(name)) continue;
      const { coordinator } = this.#network.services(name);
      if ((await coordinator.knownSize(LOG)) !== index + 1) continue;
      const { entries = [], from = 0 } = (await coordinator.shown({ log: LOG, from: index })) ?? {};
      if (entries[index - from] !== entry) continue;
      this.#shown.set(name, [...(this.#shown.get(name) ?? []), { index, entry }]);
    }
  }

  /** Has an organisation copy what there is, and compare it with what it was shown. */
  async #look(name: Organisation): Promise<void> {
    const { contributor, coordinator } = this.#network.services(name);
    await contributor.catchUp();
    await coordinator.collect(Math.floor(this.#network.clock.now() / 1000));
  }

  /** Restores an organisation, unless another one waits for a checkpoint: two that wait at once wait in vain, and no more. */
  async #restore(name: Organisation): Promise<void> {
    // The liar makes use of what it forgot.
    const side = this.#dice.chance(0.5);
    for (const other of this.#honest) {
      if (other === name) continue;
      if ((await this.#network.services(other).coordinator.awaited(LOG)) > 0) return;
    }
    const restoredAt = Math.floor(this.#network.clock.now() / 1000);
    const backup = this.#backups.get(name);
    if (backup === undefined) return;
    this.#shown.delete(name);
    this.#restored.add(name);
    for (const { told } of this.#released.values()) told.delete(name);
    await this.#network.rollBack(name, backup, { restoredAt, othersWentOn: true });
    const { rejoining } = this.#network.services(name);
    this.#network.liars.coordinator.clear();
    await rejoining.go().catch((error: unknown) => error);
    this.#network.clock.advance(10_000);
    await rejoining.go();
    this.#side.set(name, side);
  }

  /** Lets time pass; restored organisations then go on to learn, as a node has them do. */
  async #wait(milliseconds: number): Promise<void> {
    this.#network.clock.advance(milliseconds);
    for (const name of this.#honest) {
      const { rejoining } = this.#network.services(name);
      await rejoining.go().catch((error: unknown) => {
        if (!isMedsealError(error)) throw error;
      });
    }
  }

  /** The entries of the liar's log that the ledger holds a checkpoint over, and the copy that has them. */
  async #held(): Promise<{
    readonly copy: RunningOrganisation;
    readonly entries: readonly Bytes32[];
  }> {
    const { index } = this.#network.services(this.#honest[0]);
    await index.refresh();
    const held = index.checkpoint(logOf(this.#network.file, LOG).log.id);
    for (const copy of [this.#network.services(LIAR), this.#twin]) {
      const log = copy?.logs.get(LOG);
      if (held === undefined || copy === undefined || log === undefined) continue;
      if (log.size < held.size || (await log.root(held.size)) !== held.root) continue;
      const stored = await log.stored({ from: 0, to: held.size });
      return { copy, entries: stored.map(({ entry }) => entry) };
    }
    throw new Error('no copy of the log has what the ledger holds');
  }

  /** A view for which enough organisations released is in the log that the ledger holds, once that is as long. */
  #judgeReadings(held: readonly Bytes32[]): void {
    for (const { view, by, told } of this.#released.values()) {
      const { index, entry } = view;
      // Nobody brings back a release that all of them forgot.
      if (by.size + 1 < this.#threshold || told.size === 0) continue;
      if (index >= held.length || held[index] === entry) continue;
      this.violations.push(
        `${[...by].join()} released for ${entry}, and #${index} is another entry`,
      );
    }
  }

  /** Examines the patient's audit at an organisation. */
  async #audit(name: Organisation, held: readonly Bytes32[]): Promise<void> {
    const { agent, administrator } = this.#network.services(name);
    const checkpointing = behind(this.#care.patient, {
      ...agent,
      submit: async (submissions) => {
        const outcomes = await agent.submit(submissions);
        await administrator.checkpoint();
        for (const other of this.#honest) await this.#network.services(other).contributor.catchUp();
        return outcomes;
      },
    });
    const { logs } = await examineAudit({ ...checkpointing, log: `care/${name}` });
    const found = logs.find(({ log }) => log === LOG);
    if (found === undefined) return;
    const told = textOf(found);
    for (const { view, told: by } of this.#released.values()) {
      if (!found.complete || by.size === 0 || told.includes(view.entry)) continue;
      this.violations.push(`the audit at ${name} is complete, and does not have ${view.entry}`);
    }
    for (const [witness, shown] of this.#shown) {
      // Without a copy of what the ledger has, nobody can show what it is.
      const copied = this.#network.services(witness).logs.get(LOG)?.size ?? 0;
      const known = held.slice(0, copied);
      const other = shown.find(({ index, entry }) => index < copied && known[index] !== entry);
      if (other === undefined) continue;
      this.forked = true;
      if (told.includes('it signed two entries')) continue;
      this.violations.push(
        `the audit at ${name} does not say that ${witness} was shown another entry at #${other.index}`,
      );
    }
  }
}

/** Everything that an audit says of a log. */
function textOf({ events, faults, unchecked }: AuditedLog): string {
  return [...events.map(({ entry }) => entry), ...faults, ...unchecked].join('\n');
}
