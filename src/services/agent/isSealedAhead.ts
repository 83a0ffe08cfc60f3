import { base64 } from '@scure/base';
import { equalBytes } from '../../crypto/bytes.ts';
import { LONGEST_HEADER } from '../../crypto/sealing/ageHeader.ts';
import { readHeader } from '../../crypto/sealing/readHeader.ts';
import { readStanzas } from '../../crypto/sealing/readStanzas.ts';
import {
  parseEvidencedStanza,
  type EvidencedStanza,
} from '../../crypto/threshold/evidencedStanza.ts';
import type { Base64 } from '../../protocol/evidence/evidence.ts';
import type { Handle } from '../../protocol/ids.ts';
import { changeSealedFor } from '../../protocol/release/changeSealedFor.ts';
import { releaseKeysOf } from '../../protocol/release/releaseKeyOf.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/** Letters that have the longest header. */
const LETTERS = Math.ceil((LONGEST_HEADER + 1) / 3) * 4;

/**
 * Tells whether the state of a patient's devices was sealed ahead for a recovery of the patient's key: the seal in its first stanza was
 * made for the chart and the recovery's number, or an earlier one, under a release key that the network file names. Coordinators release for these alone.
 *
 * @param context - The pinned network file, and primitives.
 * @param recovery - The chart, and the number of the change that the recovery makes.
 * @param sealed - The state; not trusted.
 */
export async function isSealedAhead(
  { network, primitives }: Pick<ServiceContext, 'network' | 'primitives'>,
  { handle, change }: { readonly handle: Handle; readonly change: number },
  sealed: Base64,
): Promise<boolean> {
  const stanza = await firstStanza(sealed).catch(() => undefined);
  if (stanza === undefined) return false;
  const { keyId, encapsulated, seal } = stanza;
  const logs = network.channels.flatMap((channel) => channel.logs.slice(0, 1));
  const keys = logs.flatMap(({ name }) => releaseKeysOf(network, name));
  const key = keys.find(({ id }) => equalBytes(keyId, id.subarray(0, keyId.length)));
  if (key === undefined) return false;
  const found = { encapsulation: primitives.sha256(encapsulated), seal };
  const { group } = primitives;
  return changeSealedFor({ network, group }, key, { handle, upTo: change }, found) !== undefined;
}

async function firstStanza(sealed: Base64): Promise<EvidencedStanza | undefined> {
  const header = await readHeader([base64.decode(sealed.slice(0, LETTERS))]);
  const [first] = header === undefined ? [] : await readStanzas(header);
  return first && parseEvidencedStanza(first);
}
