import { bytesToHex } from '../../crypto/bytes.ts';
import type { CheckpointText } from '../../crypto/note/checkpoint.ts';
import { openCheckpoint } from '../../crypto/note/openCheckpoint.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { requireCoordinators, type EvidenceOptions } from './acknowledgementCheck.ts';
import { checkEvidence } from './checkEvidence.ts';
import type { CoordinatorSignature, SignedCheckpoint } from './evidence.ts';
import { succeeds } from '../wire/succeeds.ts';
import type { Address } from '../ids.ts';
import { logOf, organisationsBehind } from '../network/networkLookups.ts';
import { byAnyOffice, logKeysOf, officesOf } from '../network/officesOf.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import type { Checkpoint } from '../struct/requests.ts';
import { signerOf, type SigningContext } from '../struct/signing.ts';

/** Options of `verifyCheckpoint`. */
export interface CheckpointOptions extends Pick<EvidenceOptions, 'strict'> {
  /** A moment after which it was made, Unix seconds: coordinators who left before cannot have signed it. */
  readonly madeAfter?: number;
}

/**
 * Verifies a checkpoint by itself: the log's signed note says the same, and k coordinators of different organisations
 * signed it, all with keys of one network file.
 *
 * @param context - Domain and primitives.
 * @param network - The pinned network file.
 * @param checkpoint - Checkpoint that a node published, not trusted.
 * @param options - `strict`: true if every signature must hold, not only k of them; `madeAfter`.
 * @returns Coordinators whose signatures are valid.
 * @throws MedsealError `EVIDENCE_INVALID` with the reason.
 * @example
 * ```ts
 * const context = { domain: domainOf(network), primitives: portablePrimitives };
 * const checkpoint = await agent.checkpoint('care/hospital');
 * const signers = verifyCheckpoint(context, network, checkpoint);
 * console.log(`${signers.length} coordinators signed a log of ${checkpoint.size} entries`);
 * ```
 */
export function verifyCheckpoint(
  context: SigningContext,
  network: NetworkFile,
  checkpoint: SignedCheckpoint,
  options: CheckpointOptions = {},
): readonly Address[] {
  return checkEvidence(() => check(context, network, checkpoint, options));
}

function check(
  context: SigningContext,
  network: NetworkFile,
  checkpoint: SignedCheckpoint,
  { strict = false, madeAfter = 0 }: CheckpointOptions,
): readonly Address[] {
  const { log } = logOf(network, checkpoint.log);
  const { size, root } = checkpoint;
  const keys = logKeysOf(network, checkpoint.log, madeAfter);
  const notedBy = (some: readonly string[]): CheckpointText | undefined =>
    openCheckpoint(context.primitives, { ...log, keys: some }, checkpoint.note);
  const noted = notedBy(keys);
  if (noted === undefined) throw invalid('the note is of another log');
  if (noted.size !== size || bytesToHex(noted.root) !== root) {
    throw invalid('the note says another size or root');
  }
  const signers = checkpoint.signatures
    .filter((signed) => succeeds(() => isSigner(context, { log: log.id, size, root }, signed)))
    .map(({ coordinator }) => coordinator);
  if (strict && signers.length < checkpoint.signatures.length) {
    throw invalid('a signature of the checkpoint is not valid');
  }
  // Key and office are of one and the same file: a former key counts for nothing beside a later office.
  const noting =
    keys.length === 1 ? keys : keys.filter((key) => succeeds(() => notedBy([key]) !== undefined));
  const offices = officesOf(network, checkpoint.log).filter(
    ({ key, until }) => until > madeAfter && noting.includes(key),
  );
  return byAnyOffice(offices, ({ channel }) => {
    if (strict) requireCoordinators(channel, signers, 'signature');
    if (organisationsBehind(channel, signers) < channel.thresholds.writes) {
      throw invalid('too few coordinators signed the checkpoint');
    }
    return channel.coordinators
      .map(({ address }) => address)
      .filter((one) => signers.includes(one));
  });
}

function isSigner(
  context: SigningContext,
  statement: Checkpoint,
  { coordinator, signature }: CoordinatorSignature,
): boolean {
  return signerOf(context, 'Checkpoint', statement, signature) === coordinator;
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}
