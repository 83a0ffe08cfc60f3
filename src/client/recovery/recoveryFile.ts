import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import { LONGEST_RECOVERY } from '../../protocol/rights/isRecoveredBy.ts';
import { KEY_CHANGES, SIGNED_RECOVERY } from '../../protocol/shapes/messageShape.ts';
import { shapeOfType } from '../../protocol/shapes/shapeOfType.ts';
import { parseRecovery } from '../../protocol/struct/parseSigned.ts';
import type { KeyProof, SignedRecovery } from '../../protocol/struct/requests.ts';
import { signerOf } from '../../protocol/struct/signing.ts';
import { ListOf, OneOf, SIGNATURE } from '../../protocol/wire/findShapeError.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import type { Party } from '../party/Party.ts';
import { signRecovery, type RecoveryRound } from './signRecovery.ts';

const FORMAT = 'medseal-recovery/1';
/** Most characters of such a file: its changes of key are the longest part. */
const MOST = 256 * 1024;

/** The recovery of a key as the file that goes to the members of the authority holds it. It has no secret. */
export interface RecoveryFile extends SignedRecovery {
  readonly format: typeof FORMAT;
  /** The changes of key before it, oldest first: the new key needs them for its proof. Absent if the first key was lost. */
  readonly keyChanges?: readonly KeyProof[];
}

const RECOVERY_FILE = shapeOfType<RecoveryFile>('RecoveryFile')({
  format: new OneOf(FORMAT),
  ...SIGNED_RECOVERY.shape,
  signatures: new ListOf(SIGNATURE, 64),
  'keyChanges?': KEY_CHANGES,
});

/**
 * Makes the content of the file that goes from member to member of the authority until enough of them signed.
 *
 * @param recovery - The recovery, with the signatures so far.
 * @param keyChanges - The changes of key before it.
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises';
 * const seed = webPorts.random(32);
 * const guest = await openParty({ ...webPorts, network, agent, log: 'care/hospital', device, seed });
 * const { keyChanges, ...recovery } = await askRecovery(guest, { party: doctor.address });
 * await writeFile('recovery.json', JSON.stringify(recoveryFileOf(recovery, keyChanges)));
 * ```
 */
export function recoveryFileOf(
  { message, signatures, newSignature }: SignedRecovery,
  keyChanges: readonly KeyProof[] = [],
): RecoveryFile {
  const before = keyChanges.length > 0 && { keyChanges };
  return { format: FORMAT, message, signatures, newSignature, ...before };
}

/**
 * Reads such a file with those who signed it. The new key must have signed it, so that no key is given to a party whose holder
 * did not ask for it.
 *
 * @param at - Any party: it names the network, and the time.
 * @param text - The file.
 * @param argument - Name of the file, for messages.
 * @throws MedsealError `ARGUMENT_INVALID` if it is malformed, of another network, signed by somebody who is not a member of the
 * authority, not signed by the new key, past its deadline, or good for more than 30 days.
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * const round = parseRecoveryFile(auditor, await readFile('recovery.json', 'utf8'));
 * const { file, missing } = signRecovery(auditor, round.file, members);
 * if (missing === 0) await carryRecovery(auditor, file);
 * ```
 */
export function parseRecoveryFile(
  at: Pick<Party, 'network' | 'primitives' | 'domain' | 'clock'>,
  text: string,
  argument = 'text',
): RecoveryRound<RecoveryFile> {
  const round = recoveryIn(at, text);
  if (round === undefined) throw invalid('the file holds no recovery of this network');
  const { deadline } = round.file.message;
  const now = seconds(at.clock);
  if (deadline < now) throw invalid('its deadline has passed');
  if (deadline > now + LONGEST_RECOVERY) throw invalid('its deadline is more than 30 days ahead');
  return round;

  function invalid(reason: string): MedsealError {
    return new MedsealError('ARGUMENT_INVALID', { argument, reason });
  }
}

/**
 * Reads such a file, whatever its deadline.
 *
 * @param at - Any party: it names the network.
 * @param text - The file.
 * @returns Undefined if it holds no recovery of this network that the new key signed.
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * const file = recoveryIn(auditor, await readFile('recovery.json', 'utf8'))?.file;
 * console.log(file?.message.party ?? 'The file holds no recovery of this network.');
 * ```
 */
export function recoveryIn(
  at: Parameters<typeof signRecovery>[0],
  text: string,
): RecoveryRound<RecoveryFile> | undefined {
  try {
    const value: unknown = text.length > MOST ? undefined : JSON.parse(text);
    if (!isOfShape(RECOVERY_FILE, value)) return undefined;
    const { message, signatures, newSignature, keyChanges } = value;
    parseRecovery({ message, signatures, newSignature }, 0);
    if (signerOf(at, 'Recovery', message, newSignature) !== message.signer) return undefined;
    return signRecovery(at, recoveryFileOf(value, keyChanges), []);
  } catch {
    return undefined;
  }
}
