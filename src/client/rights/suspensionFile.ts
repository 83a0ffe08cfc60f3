import { MedsealError } from '../../errors/MedsealError.ts';
import type { SignedSuspension } from '../../protocol/AgentPort.ts';
import { seconds } from '../../protocol/Clock.ts';
import { OneOf } from '../../protocol/wire/findShapeError.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import { parseMessage } from '../../protocol/struct/parseSigned.ts';
import type { Suspension } from '../../protocol/struct/requests.ts';
import { SIGNED_SUSPENSION } from '../../protocol/shapes/askedShapes.ts';
import { shapeOfType } from '../../protocol/shapes/shapeOfType.ts';
import type { Party } from '../party/Party.ts';
import { signSuspension, type SuspensionRound } from './signSuspension.ts';

const FORMAT = 'medseal-suspension/1';
/** Days for which members sign at most: whoever holds a file that enough signed can use it until its deadline. */
export const MOST_DAYS = 30;

/** A suspension as the file that goes from member to member of the authority holds it. */
export interface SuspensionFile extends SignedSuspension {
  readonly format: typeof FORMAT;
}

const SUSPENSION_FILE = shapeOfType<SuspensionFile>('SuspensionFile')({
  format: new OneOf(FORMAT),
  ...SIGNED_SUSPENSION.shape,
});

/**
 * Makes the content of the file that goes from member to member of the authority until enough of them signed.
 *
 * @param signed - The suspension, with the signatures so far.
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises';
 * const message = await draftSuspension(auditor, { party: doctor.address, suspended: true });
 * const { signed } = signSuspension(auditor, { message, signatures: [] }, members);
 * await writeFile('suspension.json', JSON.stringify(suspensionFileOf(signed)));
 * ```
 */
export function suspensionFileOf({ message, signatures }: SignedSuspension): SuspensionFile {
  return { format: FORMAT, message, signatures };
}

/**
 * Reads such a file with those who signed it, and requires that it says what the reader is about to sign: nobody signs
 * another's wish unread. It may be a draft that nobody signed yet.
 *
 * @param at - Any party: it names the network, and the time.
 * @param text - The file.
 * @param wanted - Change that it must be about: the party's next one.
 * @param argument - Name of the file, for messages.
 * @throws MedsealError `ARGUMENT_INVALID` if it is malformed, signed by somebody who is not a member of the authority,
 * about anything else, past its deadline, or good for more than 30 days.
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * const wanted = await draftSuspension(auditor, { party: doctor.address, suspended: true });
 * const text = await readFile('suspension.json', 'utf8');
 * const before = parseSuspensionFile(auditor, text, wanted);
 * console.log(`${before.signedBy.join(', ')} signed it already`);
 * const { signed } = signSuspension(auditor, before.signed, members);
 * await carrySuspension(auditor, signed);
 * ```
 */
export function parseSuspensionFile(
  at: Pick<Party, 'network' | 'primitives' | 'domain' | 'clock'>,
  text: string,
  { party, suspended, change }: Omit<Suspension, 'deadline'>,
  argument = 'text',
): SuspensionRound {
  const round = roundIn(at, text);
  if (round === undefined) throw invalid('the file holds no suspension');
  const { message } = round.signed;
  if (message.party !== party || message.suspended !== suspended) {
    throw invalid('the file is about another party, or about the opposite change');
  }
  if (message.change !== change) {
    throw invalid('the file is older than the party’s last suspension or resumption');
  }
  const now = seconds(at.clock);
  if (message.deadline < now) throw invalid('its deadline has passed');
  if (message.deadline > now + MOST_DAYS * 24 * 3600) {
    throw invalid(`its deadline is more than ${MOST_DAYS} days ahead`);
  }
  return round;

  function invalid(reason: string): MedsealError {
    return new MedsealError('ARGUMENT_INVALID', { argument, reason });
  }
}

function roundIn(
  at: Parameters<typeof signSuspension>[0],
  text: string,
): SuspensionRound | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isOfShape(SUSPENSION_FILE, value)) return undefined;
    const { message, signatures } = value;
    parseMessage('Suspension', message);
    return signSuspension(at, { message, signatures }, []);
  } catch {
    return undefined;
  }
}
