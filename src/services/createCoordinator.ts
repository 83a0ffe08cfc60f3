import { SYNCED, type ServiceDatabase } from './synced.ts';
import { hexToBytes } from '../crypto/bytes.ts';
import { verifyConsistency } from '../crypto/merkle/verifyConsistency.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { BodyEncryption } from '../log/encryptBodies.ts';
import type { EvidenceLog } from '../log/EvidenceLog.ts';
import type { CoordinatorSignature } from '../protocol/evidence.ts';
import { attestFacts } from './attestFacts.ts';
import { Claims } from './Claims.ts';
import { judgeBodies } from './coordinator/judgeBodies.ts';
import type { Address, Bytes32, LogName } from '../protocol/ids.ts';
import { logOf } from '../protocol/networkLookups.ts';
import { parseMessage } from '../protocol/parseSigned.ts';
import type { Checkpoint } from '../protocol/requests.ts';
import { sign } from '../protocol/signing.ts';
import type { KeptStore } from './kept/KeptStore.ts';
import type { Contributor } from './createContributor.ts';
import type { CoordinatorPort } from './ports.ts';
import type { ServiceContext } from './ServiceContext.ts';
import { signAdvances } from './signAdvances.ts';
import { tallyEntries } from './tallyEntries.ts';

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
  /** Its own organisation's contributor, to have sealed files held. */
  readonly contributor: Pick<Contributor, 'hold'>;
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
  const { network, primitives } = context;
  const { database, key } = options;
  const signing = new Map<LogName, Promise<unknown>>();
  const claims = new Claims(database, options.logs);

  return {
    judge: async (request) => await judgeBodies(context, options, claims, request),
    signedSize,
    signCheckpoint,
    advance: async (requests) => await signAdvances(context, options, requests),
    attest: async (query) => await attestFacts(context, key, query),
    tally: async (query) => await tallyEntries(context, options, query),
  };

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
    return statement(checkpoint);
  }

  async function lastSigned(log: LogName): Promise<{ size: number; root: Bytes32 }> {
    const text = await database.get(`checkpoint/${log}`);
    if (text === undefined) return { size: 0, root: '0x' };
    return JSON.parse(text) as { size: number; root: Bytes32 };
  }

  function statement(checkpoint: Checkpoint): CoordinatorSignature {
    const { party, signature } = sign(context, key, 'Checkpoint', checkpoint);
    return { coordinator: party, signature };
  }
}
