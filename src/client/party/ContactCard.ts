import { bech32m } from '@scure/base';
import { bytesToHex, concatBytes, hexToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { ADDRESS, BYTES32, OneOf, type Pattern } from '../../protocol/wire/findShapeError.ts';
import type { Address, Bytes32, Handle, Hex } from '../../protocol/ids.ts';
import { parseShape } from '../../protocol/wire/parseShape.ts';
import { shapeOfType } from '../../protocol/shapes/shapeOfType.ts';

/**
 * A party as people hand it to each other: enough to know the party again, and to notice a node that offers another
 * key. It holds no secret and no name.
 */
export interface ContactCard {
  readonly format: 'medseal-contact/1';
  /** The first 8 bytes of the network's id. */
  readonly network: Hex;
  readonly party: Address;
  /** SHA-256 of the party's age recipient, as the Registry holds it. */
  readonly recipient: Bytes32;
  /** Handle, on the card of a patient. */
  readonly handle?: Handle;
}

const NETWORK: Pattern<Hex> = /^0x[0-9a-f]{16}$/;
/** `ContactCard` */
export const CONTACT_CARD = shapeOfType<ContactCard>('ContactCard')({
  format: new OneOf('medseal-contact/1'),
  network: NETWORK,
  party: ADDRESS,
  recipient: BYTES32,
  'handle?': BYTES32,
});

const PREFIX = 'medseal';
const VERSION = 1;
/** Version, network, party, recipient; a patient’s handle follows. */
const LENGTH = 1 + 8 + 20 + 32;

/**
 * A card as text of one word, which can be read out, pasted and put into a QR code (BIP-350, bech32m; capitals do not
 * matter).
 *
 * @param card - The card.
 * @example
 * ```ts
 * const { party } = await confirmFacts(patient, { party: patient.address });
 * const word = party && formatContactCard(contactCardOf(network, party));
 * console.log(`Give this to your doctor: ${word}`);
 * ```
 */
export function formatContactCard({ network, party, recipient, handle }: ContactCard): string {
  const fields = [network, party, recipient, ...(handle === undefined ? [] : [handle])];
  const bytes = concatBytes(Uint8Array.of(VERSION), ...fields.map(hexToBytes));
  return bech32m.encode(PREFIX, bech32m.toWords(bytes), false);
}

/**
 * Parses a card from text or JSON.
 *
 * @param text - Text that was pasted, scanned or read from a file.
 * @throws MedsealError `CARD_INVALID`.
 * @example
 * ```ts
 * const card = parseContactCard(prompt('Paste the card of your patient') ?? '');
 * await confirmContact(doctor, card);
 * console.log(`The chart is ${card.handle}.`);
 * ```
 */
export function parseContactCard(text: string): ContactCard {
  const trimmed = text.trim();
  return trimmed.startsWith('{') ? fromJson(trimmed) : fromWord(trimmed);
}

/**
 * Tells whether a text begins as cards do.
 *
 * @param text - Text that somebody typed or pasted.
 * @example
 * ```ts
 * const text = prompt('A card, or a name?') ?? '';
 * console.log(looksLikeContactCard(text) ? parseContactCard(text).party : text);
 * ```
 */
export function looksLikeContactCard(text: string): boolean {
  return /^medseal1/i.test(text.trim());
}

function fromWord(text: string): ContactCard {
  let bytes: Uint8Array;
  try {
    const { prefix, words } = bech32m.decode(text as `${string}1${string}`, false);
    if (prefix !== PREFIX) throw invalid('it is not a card of Medseal');
    bytes = bech32m.fromWords(words);
  } catch (cause) {
    if (cause instanceof MedsealError) throw cause;
    throw invalid('letters are missing or mistyped', cause);
  }
  if (bytes[0] !== VERSION) throw invalid('it was made by a newer version of Medseal');
  if (bytes.length !== LENGTH && bytes.length !== LENGTH + 32) throw invalid('it is not complete');
  const field = (from: number, to: number): Hex => bytesToHex(bytes.subarray(from, to));
  return {
    format: 'medseal-contact/1',
    network: field(1, 9),
    party: field(9, 29),
    recipient: field(29, 61),
    ...(bytes.length > LENGTH && { handle: field(61, 93) }),
  };
}

function fromJson(text: string): ContactCard {
  let card: Partial<ContactCard>;
  try {
    card = JSON.parse(text) as Partial<ContactCard>;
  } catch (cause) {
    throw invalid('it is not JSON', cause);
  }
  const { format, network, party, recipient, handle } = card;
  const given = { format, network, party, recipient, ...(handle !== undefined && { handle }) };
  return parseShape(CONTACT_CARD, given, 'it', () => invalid('it is malformed'));
}

function invalid(reason: string, cause?: unknown): MedsealError {
  return new MedsealError('CARD_INVALID', { reason }, { cause });
}
