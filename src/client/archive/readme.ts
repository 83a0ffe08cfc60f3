import { utf8ToBytes } from '../../crypto/bytes.ts';
import type { Address, Handle } from '../../protocol/ids.ts';

/**
 * Writes the page that stands first in an archive, for a person who finds the archive years later.
 *
 * @param of - The chart, and the patient who made the archive.
 */
export function readme({
  handle,
  party,
}: {
  readonly handle: Handle;
  readonly party: Address;
}): Uint8Array {
  return utf8ToBytes(`Health records of one patient, as taken along from a Medseal network
====================================================================

Chart:   ${handle}
Patient: ${party}

Everything in this archive can be read without Medseal. It is not encrypted:
keep it as safe as a letter from your doctor, and encrypt it before you send it.

bundle.json    the newest version of all FHIR records in one FHIR R4 Bundle
summary.json   a short summary as a FHIR document (International Patient Summary)
records/       every version of every record, oldest first: content.* is the
               record or document, and seal.json proves what it is
chain.json     everything that happened to the chart: who wrote, saw or was
               refused what, with signatures and places in the logs
rights.json    the rights and rules that the patient gave, and those that ended
network.json   the network's keys, with which all signatures can be checked
manifest.json  the list of all files, and of records that are not here

To check the archive without asking anybody, with a network file that you got
from somebody you trust:

    medseal verify export ARCHIVE --network network.json

The network.json in this archive is not proof by itself: whoever made a false
archive could have put a false one in it.

Each seal.json holds the key of one sealed file, that of the record beside it.
It opens nothing else.
`);
}
