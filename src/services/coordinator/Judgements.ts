import { acceptedErase } from '../../protocol/rights/acceptedErase.ts';
import { acceptedWrite } from '../../log/acceptedWrite.ts';
import { encryptBodies, type BodyEncryption } from '../../log/encryptBodies.ts';
import type { EvidenceLog, RequestName } from '../../log/EvidenceLog.ts';
import { openEvidenceLog } from '../../log/openEvidenceLog.ts';
import { seconds } from '../../protocol/Clock.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import type { EntryBody } from '../../protocol/evidence/evidence.ts';
import { BYTES32, OneOf } from '../../protocol/wire/findShapeError.ts';
import type { Bytes32, LogName } from '../../protocol/ids.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { parseEntryBody } from '../../protocol/evidence/parseBody.ts';
import { digestOf, type SigningContext } from '../../protocol/struct/signing.ts';
import {
  answerKey,
  bodyKey,
  claimedFileKey,
  endOfLogKey,
  summaryKey,
  versionKey,
} from './coordinatorKeys.ts';
import type { ViewSet } from '../../protocol/struct/requests.ts';
import { dueBytes } from './dueBytes.ts';
import { judgedBody } from './judgedBody.ts';
import { ENDED_ROW, type DueRow } from './coordinatorRows.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import { exactRow } from '../../database/exactRow.ts';
import { parseRow } from '../../database/parseRow.ts';
import { BINARY_VALUES, type ServiceDatabase } from '../../database/synced.ts';
import { wentBeyond } from '../entries/wentBeyond.ts';
import {
  notes,
  partPath,
  type OrganisationExamination,
} from '../examination/OrganisationExamination.ts';

const NOTED_JUDGEMENT = {
  log: 'text',
  includeBy: 'count',
  /** The moment that the body names, Unix seconds. */
  at: 'count',
  /** Deadline of the request; of a summary its moment. */
  deadline: 'count',
  /** Answer to the request; absent for a summary. */
  'flag?': new OneOf('A', 'R'),
  /** Version that an accepted write puts on a chart, `handle/record/version`, and its sealed file. */
  'version?': 'text',
  'file?': BYTES32,
} as const;
/** A body that a coordinator judged, as far as its promises name it. */
export type NotedJudgement = Of<typeof NOTED_JUDGEMENT>;

/**
 * Bodies that a coordinator judged and that a log may not hold yet, by the rows that note them, with the organisation's
 * logs, which hold the rest: each promise of the coordinator must follow from one of them, or have come to nothing.
 */
export class Judgements {
  /** All logs of the network. */
  readonly names: readonly LogName[];
  /** The organisation's own log and its copies of the others, as far as they can be opened. */
  readonly logs: ReadonlyMap<LogName, EvidenceLog>;
  readonly #examination: OrganisationExamination;
  readonly #database: ServiceDatabase;
  readonly #bodies: BodyEncryption;
  readonly #context: SigningContext;

  private constructor(
    examination: OrganisationExamination,
    database: ServiceDatabase,
    bodies: BodyEncryption,
    logs: ReadonlyMap<LogName, EvidenceLog>,
  ) {
    const { network, ports } = examination;
    this.#examination = examination;
    this.#database = database;
    this.#bodies = bodies;
    this.#context = { domain: domainOf(network), primitives: ports.primitives, network };
    this.logs = logs;
    this.names = network.channels.flatMap((channel) => channel.logs.map(({ name }) => name));
  }

  /**
   * Opens the logs; one that cannot be opened is passed over, because its own examination tells.
   *
   * @param examination - The organisation's.
   * @param database - The coordinator's.
   */
  static async open(
    examination: OrganisationExamination,
    database: ServiceDatabase,
  ): Promise<Judgements> {
    const { network, keys, ports, scratch } = examination;
    const bodies = encryptBodies({ ...ports, storageKey: keys.storage });
    const { primitives } = ports;
    const logs = new Map<LogName, EvidenceLog>();
    for (const identity of network.channels.flatMap((channel) => channel.logs)) {
      const path = partPath(examination, `logs/${identity.organisation}`);
      const rows = await scratch.store(path);
      const options = rows && { identity, database: rows, path, bodies, primitives };
      const log = options && (await openEvidenceLog(options).catch(() => undefined));
      if (log !== undefined) logs.set(identity.name, log);
    }
    return new Judgements(examination, database, bodies, logs);
  }

  /** The body of an entry that the coordinator judged; undefined if it is lost or was altered. */
  async body(entry: Bytes32): Promise<EntryBody | undefined> {
    const text = await judgedBody(this.#database, this.#bodies, entry);
    return text === undefined ? undefined : parseEntryBody(text);
  }

  /**
   * Takes what a row notes.
   * @param due - The row; its shape holds.
   * @returns The fault of the row; undefined if it names the bodies that the coordinator judged.
   */
  async take({ log, includeBy, bytes, bodies }: DueRow): Promise<string | undefined> {
    let [length, isWhole] = [0, true];
    for (const { entry, request, deadline, erases } of bodies) {
      const text = await judgedBody(this.#database, this.#bodies, entry);
      if (text === undefined) {
        isWhole = false;
        const isKept = (await this.#database.get(bodyKey(entry))) !== undefined;
        // A body that was altered is a fault of its own, and one that came to nothing may have gone.
        if (isKept || (await this.isVoid(log, includeBy))) continue;
        return `names the body of entry ${entry}, which is lost`;
      }
      const body = parseEntryBody(text);
      length += dueBytes(Buffer.byteLength(text), pairsIn(body));
      const judged = this.#judgementOf(body, includeBy);
      if (request !== (this.#digestOf(body) ?? entry) || deadline !== judged.deadline)
        return 'was altered';
      if (body.log !== log) return 'was altered';
      if ((acceptedErase(body) === undefined) !== (erases === undefined)) return 'was altered';
      await this.#note(request, entry, judged);
      const lost = await this.#lostPromise(request, judged);
      if (lost !== undefined) return `names a body whose promise ${lost} is lost`;
    }
    return isWhole && length !== bytes ? 'was altered' : undefined;
  }

  /** Returns the noted judgements of a request, or of a summary by its entry. */
  async of(request: Bytes32): Promise<readonly NotedJudgement[]> {
    const { organisation, scratch } = this.#examination;
    const found: NotedJudgement[] = [];
    for await (const [, judged] of scratch.under(notes.judged(organisation, request)))
      found.push(parseRow(NOTED_JUDGEMENT, judged));
    return found;
  }

  /** Tells whether a log has an entry that answers a request. */
  async isAnswered(name: RequestName): Promise<boolean> {
    const places = [...this.logs.values()].map(async (log) => {
      const [place] = await log.answeredAt([name]);
      return place !== undefined;
    });
    return (await Promise.all(places)).includes(true);
  }

  /**
   * Tells whether what is not in a log by a moment will not come; true if the log cannot be read, which its own
   * examination tells. Of any log if none is named: it went on then, as an agreed end says nothing of other logs.
   */
  async isVoid(log: LogName | undefined, includeBy: number): Promise<boolean> {
    if (log !== undefined && (await this.#isEnded(log))) return true;
    const names = log === undefined ? this.names : [log];
    const beyond = names.map(async (name) => {
      const opened = this.logs.get(name);
      return opened === undefined || (await wentBeyond(opened, includeBy).catch(() => true));
    });
    return (await Promise.all(beyond)).includes(true);
  }

  async #isEnded(log: LogName): Promise<boolean> {
    const bytes = await this.#database.get<string, Uint8Array>(endOfLogKey(log), BINARY_VALUES);
    const row = bytes === undefined ? undefined : exactRow(bytes);
    return isOfShape(ENDED_ROW, row) && row.agreed !== undefined;
  }

  /** The key of a promise that was kept along with a body, and is not there any more. */
  async #lostPromise(request: Bytes32, judged: NotedJudgement): Promise<string | undefined> {
    const { log, flag, deadline, version, file } = judged;
    const isForgotten = deadline < seconds(this.#examination.ports.clock);
    const keys = [
      ...(flag === undefined ? [summaryKey(log)] : []),
      ...(flag === undefined || isForgotten ? [] : [answerKey({ deadline, request })]),
      ...(version === undefined
        ? []
        : [versionKey(version), ...(file === undefined ? [] : [claimedFileKey(file)])]),
    ];
    const rows = await this.#database.getMany(keys);
    return keys.find((_, place) => rows[place] === undefined);
  }

  #judgementOf(body: EntryBody, includeBy: number): NotedJudgement {
    const { log, at } = body;
    if (body.format === 'medseal-summary/1') return { log, includeBy, at, deadline: at };
    const { deadline } = body.request.message;
    const judged = { log, includeBy, at, deadline, flag: body.flag };
    const write = acceptedWrite(body);
    if (write === undefined) return judged;
    const { handle, record, version, file } = write;
    return { ...judged, version: `${handle}/${record}/${version}`, file };
  }

  #digestOf(body: EntryBody): Bytes32 | undefined {
    if (body.format === 'medseal-summary/1') return undefined;
    return digestOf(this.#context, body.request.type, body.request.message);
  }

  async #note(request: Bytes32, entry: Bytes32, judged: NotedJudgement): Promise<void> {
    const { organisation, scratch } = this.#examination;
    // An entry can be judged twice, until two moments.
    const key = `${notes.judged(organisation, request)}${entry}/${judged.includeBy}`;
    await scratch.note(key, JSON.stringify(judged));
  }
}

/** Number of record versions that a body names, if it is of a set of views. */
function pairsIn(body: EntryBody): number {
  if (body.format !== 'medseal-body/1' || body.request.type !== 'ViewSet') return 0;
  return (body.request.message as ViewSet).count;
}
