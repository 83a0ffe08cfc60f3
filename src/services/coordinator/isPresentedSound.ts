import { hexToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { openCheckpoint } from '../../crypto/note/openCheckpoint.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { logKeysOf } from '../../protocol/network/officesOf.ts';
import { isRowOf, partsOfKey } from './coordinatorKeys.ts';
import { PRESENTED_ROW } from './coordinatorRows.ts';
import { endOfPresented } from './PresentedRows.ts';
import { requireJudged } from './requireJudged.ts';
import { sortable } from '../../database/sortable.ts';
import { notes, type OrganisationExamination } from '../examination/OrganisationExamination.ts';

/** The organisation whose coordinator got the entries, with its network. */
export type PresentedBy = Pick<OrganisationExamination, 'organisation' | 'network'> & {
  readonly ports: Pick<OrganisationExamination['ports'], 'primitives'>;
  readonly scratch: Pick<OrganisationExamination['scratch'], 'under'>;
};

/**
 * Tells whether a row of entries that a log presented to a coordinator is unaltered: enough coordinators judged each
 * entry, every verdict is valid, and the log signed a size that covers them. Entries that the organisation's copy of
 * the log has are no longer examined, for nobody asks for them.
 *
 * @param examination - The organisation's, after its logs were examined.
 * @param key - The row's key, of log and place.
 * @param row - Its value; undefined if that is not JSON.
 */
export async function isPresentedSound(
  { organisation, network, ports, scratch }: PresentedBy,
  key: string,
  row: unknown,
): Promise<boolean> {
  if (!isOfShape(PRESENTED_ROW, row)) return false;
  const [log = '', ...places] = isRowOf('setAside', key)
    ? partsOfKey('setAside', key)
    : partsOfKey('presented', key);
  const place = places.at(-1);
  if (place !== sortable(row.from)) return false;
  let copied = 0;
  for await (const [, size] of scratch.under(notes.size(log, organisation))) copied = Number(size);
  if (endOfPresented(row) <= copied) return true;
  const context = { network, domain: domainOf(network), primitives: ports.primitives };
  return succeeds(() => {
    const identity = { ...logOf(network, log).log, keys: logKeysOf(network, log) };
    const said = openCheckpoint(ports.primitives, identity, row.note);
    if (said === undefined || said.size < endOfPresented(row)) return false;
    const leaves = row.entries.map((entry) => leafHash(ports.primitives, hexToBytes(entry)));
    const request = { ...row, log };
    requireJudged(context, request, { leaves, isOwn: () => false, strict: true });
    return true;
  });
}
