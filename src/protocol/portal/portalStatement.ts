import { openNote } from '../../crypto/note/openNote.ts';
import { signNote } from '../../crypto/note/signNote.ts';
import type { NoteKey } from '../../crypto/note/NoteKey.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { LogIdentity } from '../network/NetworkFile.ts';

/** Values that pin a portal. */
export interface PortalPin {
  /** SHA-256 of its page, 64 hexadecimal digits: the page pins all of its files. */
  readonly sha256: string;
  /** Content security policy that it is served with. */
  readonly policy: string;
}

/** An organisation's statement about the portal that its agent serves. */
export interface PortalStatement extends PortalPin {
  /** Moment of the statement, Unix seconds. */
  readonly at: number;
  /** A signed note (C2SP signed-note) of the key of the organisation's log, which says the same. */
  readonly note: string;
}

/**
 * States which portal an organisation's agent serves.
 *
 * @param primitives - The curve.
 * @param key - The key of the organisation's log.
 * @param pin - Values that pin the portal.
 * @param at - Unix seconds.
 * @throws MedsealError `REQUEST_MALFORMED` if the policy is not one line of plain text.
 */
export function signPortal(
  primitives: Pick<Primitives, 'signEd25519'>,
  key: NoteKey,
  { sha256, policy }: PortalPin,
  at: number,
): PortalStatement {
  const note = signNote(primitives, textOf(key.name, { sha256, policy }, at), [key]);
  return { sha256, policy, at, note };
}

/**
 * Verifies an organisation's statement about its portal.
 *
 * @param primitives - The curve.
 * @param log - The organisation's log, as a trusted network file names it.
 * @param statement - The statement, not trusted.
 * @throws MedsealError `EVIDENCE_INVALID` if the log's key did not sign exactly this.
 * @example
 * ```ts
 * const [log] = network.channels.flatMap(({ logs }) => logs);
 * const statement = await httpAgent('http://127.0.0.1:8480/hospital').portal();
 * if (log !== undefined) verifyPortalStatement(portablePrimitives, log, statement);
 * console.log(statement.sha256);
 * ```
 */
export function verifyPortalStatement(
  primitives: Pick<Primitives, 'verifyEd25519'>,
  log: Pick<LogIdentity, 'origin' | 'key'>,
  statement: PortalStatement,
): void {
  const signed = openNote(primitives, statement.note, [log.key]);
  if (signed === textOf(log.origin, statement, statement.at)) return;
  throw new MedsealError('EVIDENCE_INVALID', { reason: 'the organisation signed something else' });
}

/** The text that is signed. No checkpoint begins like it, for an origin has no space. */
function textOf(origin: string, { sha256, policy }: PortalPin, at: number): string {
  return `${origin} portal\n${sha256}\n${policy}\n${at}\n`;
}
