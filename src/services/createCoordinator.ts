import { SYNCED, type ServiceDatabase } from './synced.ts';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../crypto/bytes.ts';
import { leafHash } from '../crypto/merkle/leafHash.ts';
import { rootOf } from '../crypto/merkle/rootOf.ts';
import { verifyConsistency } from '../crypto/merkle/verifyConsistency.ts';
import { catalogue } from '../errors/catalogue.ts';
import { MedsealError, type Problem } from '../errors/MedsealError.ts';
import { toMedsealError } from '../errors/toMedsealError.ts';
import type { BodyEncryption } from '../log/encryptBodies.ts';
import type { EvidenceLog } from '../log/EvidenceLog.ts';
import { seconds } from '../protocol/Clock.ts';
import type { CoordinatorSignature } from '../protocol/evidence.ts';
import { attestFacts } from './attestFacts.ts';
import { Claims, type Claim } from './Claims.ts';
import type { Address, Bytes32, LogName, Organisation } from '../protocol/ids.ts';
import { authenticate, judgeEvidence } from '../protocol/judgeEvidence.ts';
import { logOf } from '../protocol/networkLookups.ts';
import { parseEntryBody } from '../protocol/parseBody.ts';
import { parseMessage } from '../protocol/parseSigned.ts';
import type { Checkpoint, Grant, Messages, View, Write } from '../protocol/requests.ts';
import { sign } from '../protocol/signing.ts';
import { dueEpoch } from './dueEpoch.ts';
import { endOf } from './keptOf.ts';
import type { KeptStore } from './KeptStore.ts';
import type { ContributorPort, CoordinatorPort, JudgedBody, Judgement } from './ports.ts';
import type { ServiceContext } from './ServiceContext.ts';
import { signAdvances } from './signAdvances.ts';
import { tallyEntries } from './tallyEntries.ts';

/** How far an entry's moment may lie from a coordinator's clock, seconds. */
const MAX_SKEW = 5;
/** By when the log must hold what was judged, seconds after the moment. */
const INCLUSION_WINDOW = 60;
/** How many bodies one call may carry. */
const MAX_BODIES = 1024;

/** A body that a coordinator agrees to. */
interface JudgedEntry {
  /** SHA-256 of the body, 32 bytes. */
  readonly entry: Uint8Array;
  readonly body: Uint8Array;
  /** What no other entry can have from now on. */
  readonly claim?: Claim;
}

/** What a coordinator needs beside the context. */
export interface CoordinatorOptions {
  /** Its own store: bodies that it judged, record versions that it knows, checkpoints that it signed. */
  readonly database: ServiceDatabase;
  /** Encrypts the bodies that it keeps. */
  readonly bodies: BodyEncryption;
  /** Its key: the address that the network file names, and 32 bytes. */
  readonly key: { readonly address: Address; readonly signingKey: Uint8Array };
  /** Its organisation's own log and copies of the channel's others, to count in. */
  readonly logs: ReadonlyMap<LogName, EvidenceLog>;
  /** What its organisation keeps: when rights end. */
  readonly kept: KeptStore;
  /** The contributor of an organisation, to look sealed files up at. */
  readonly contributorOf: (organisation: Organisation) => Pick<ContributorPort, 'stats'>;
}

/**
 * Makes a coordinator: it judges from its own view of the ledger and its own clock, keeps what it judged before it
 * signs, and never signs two roots for one size of a log.
 *
 * @param context - The organisation's context.
 * @param options - Store, key, peers.
 */
export function createCoordinator(
  context: ServiceContext,
  options: CoordinatorOptions,
): CoordinatorPort {
  const { network, clock, index, primitives } = context;
  const { database, bodies, key, kept, contributorOf } = options;
  const signing = new Map<LogName, Promise<unknown>>();
  const claims = new Claims(database, options.logs);

  return {
    judge,
    signedSize,
    signCheckpoint,
    advance: async (requests) => await signAdvances(context, options, requests),
    attest: async (query) => await attestFacts(context, key, query),
    tally: async (query) => await tallyEntries(context, options, query),
  };

  async function judge(request: {
    log: LogName;
    bodies: readonly JudgedBody[];
  }): Promise<Judgement> {
    const { log } = logOf(network, request.log);
    if (request.bodies.length > MAX_BODIES) {
      throw new MedsealError('REQUEST_TOO_LARGE', { what: 'array', limit: MAX_BODIES });
    }
    await index.refresh();
    const refused: { index: number; problem: Problem }[] = [];
    const leaves: Uint8Array[] = [];
    const taken: Claim[] = [];
    const writes: { type: 'put'; key: string; value: string }[] = [];
    const answers = await Promise.allSettled(
      request.bodies.map(async (judged) => await judgeOne(request.log, log.organisation, judged)),
    );
    for (const [place, answer] of answers.entries()) {
      if (answer.status === 'rejected') {
        refused.push({ index: place, problem: toMedsealError(answer.reason).toProblem() });
        continue;
      }
      const { entry, body, claim } = answer.value;
      writes.push({ type: 'put', key: `body/${bytesToHex(entry)}`, value: encrypted(body) });
      if (claim !== undefined) taken.push(claim);
      leaves.push(leafHash(primitives, entry));
    }
    if (leaves.length === 0) return { refused };
    const at = seconds(clock);
    const includeBy = at + INCLUSION_WINDOW;
    for (const claim of taken) writes.push({ type: 'put', ...claims.row(claim, includeBy) });
    try {
      await database.batch(writes, SYNCED);
    } finally {
      for (const claim of taken) claims.settle(claim);
    }
    const verdict = {
      log: log.id,
      size: leaves.length,
      root: bytesToHex(rootOf(primitives, leaves)),
      at,
      includeBy,
    };
    return { refused, verdict: { verdict, ...statement('Verdict', verdict) } };
  }

  /** Judges one body. */
  async function judgeOne(
    logName: LogName,
    organisation: Organisation,
    judged: JudgedBody,
  ): Promise<JudgedEntry> {
    const encoded = utf8ToBytes(judged.body);
    const entry = { entry: primitives.sha256(encoded), body: encoded };
    const body = parseEntryBody(judged.body);
    const { at } = body;
    if (body.log !== logName) throw new MedsealError('LOG_WRONG', {});
    if (Math.abs(at - Math.max(index.moment, seconds(clock))) > MAX_SKEW) {
      throw new MedsealError('CLOCK_SKEWED', { limit: MAX_SKEW });
    }
    if (body.format === 'medseal-summary/1') {
      return { ...entry, claim: await claims.summary(logName, bytesToHex(entry.entry), at) };
    }
    const { request, flag, block, code } = body;
    if (request.message.log !== logName) throw new MedsealError('LOG_WRONG', {});
    if (block > index.block) throw new MedsealError('NOT_YET', { what: 'block' });
    const digest = authenticate(context, index, request);
    if (flag === 'R') {
      if (code === undefined || !Object.hasOwn(catalogue, code)) {
        throw new MedsealError('REQUEST_MALFORMED', { what: 'code' });
      }
      return entry;
    }
    judgeEvidence(context, network, index, request, judged, at);
    if (request.type !== 'Write') {
      await noteReader(request.message as View, judged.opening);
      return entry;
    }
    const write = request.message as Write;
    const due = await dueEpoch({ index, kept }, write.handle, at);
    if (due > write.epoch) throw new MedsealError('EPOCH_DUE', { epoch: due });
    const [file] = await contributorOf(organisation).stats([write.file]);
    if (file === undefined) throw new MedsealError('FILE_ABSENT', {});
    if (file.size !== write.size) throw new MedsealError('FILE_MISMATCH', {});
    return { ...entry, claim: await claims.version(write, digest, at) };
  }

  /** Whoever sees a chart is given the keys of its epoch: from then on the end of the right is known here. */
  async function noteReader(
    { what, handle, grant }: View,
    opening: Grant | undefined,
  ): Promise<void> {
    if (what !== 'chart' || opening === undefined) return;
    const end = endOf(opening, grant, index.patient(handle)?.epoch ?? 0);
    if (end !== undefined) await kept.keep({ end });
  }

  function encrypted(body: Uint8Array): string {
    return bytesToHex(bodies.seal(0, body));
  }

  async function signedSize(log: LogName): Promise<number> {
    return (await lastSigned(log)).size;
  }

  async function signCheckpoint(request: {
    log: LogName;
    checkpoint: Checkpoint;
    proof: readonly Bytes32[];
  }): Promise<CoordinatorSignature> {
    const before = signing.get(request.log) ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(async () => await signNext(request));
    signing.set(request.log, mine);
    return await mine;
  }

  /** One at a time for each log, so that two roots for one size can not pass each other. */
  async function signNext({
    log,
    checkpoint: offered,
    proof,
  }: {
    log: LogName;
    checkpoint: Checkpoint;
    proof: readonly Bytes32[];
  }): Promise<CoordinatorSignature> {
    // What is remembered of a checkpoint that can not be one would stop every later one.
    const checkpoint = parseMessage('Checkpoint', offered);
    if (checkpoint.log !== logOf(network, log).log.id) throw new MedsealError('LOG_WRONG', {});
    const last = await lastSigned(log);
    const extended =
      last.size === 0 ||
      verifyConsistency(primitives, {
        first: last.size,
        second: checkpoint.size,
        firstRoot: hexToBytes(last.root),
        secondRoot: hexToBytes(checkpoint.root),
        proof: proof.map(hexToBytes),
      });
    if (checkpoint.size < last.size || checkpoint.size === 0 || !extended) {
      throw new MedsealError('CHECKPOINT_REFUSED', {
        reason: `it does not extend the one of size ${last.size}`,
      });
    }
    const { size, root } = checkpoint;
    await database.put(`checkpoint/${log}`, JSON.stringify({ size, root }), SYNCED);
    return statement('Checkpoint', checkpoint);
  }

  async function lastSigned(log: LogName): Promise<{ size: number; root: Bytes32 }> {
    const text = await database.get(`checkpoint/${log}`);
    if (text === undefined) return { size: 0, root: '0x' };
    return JSON.parse(text) as { size: number; root: Bytes32 };
  }

  function statement<Type extends 'Verdict' | 'Checkpoint'>(
    type: Type,
    message: Messages[Type],
  ): CoordinatorSignature {
    const { party, signature } = sign(context, key, type, message);
    return { coordinator: party, signature };
  }
}
