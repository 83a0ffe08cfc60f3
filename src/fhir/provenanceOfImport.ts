import type { BundleEntry, Coding, Provenance } from '@medplum/fhirtypes';
import type { Base64 } from '../protocol/evidence/evidence.ts';
import type { Address, Organisation, RecordId } from '../protocol/ids.ts';
import { identified } from './auditParts.ts';
import { authorSignature, makeProvenance } from './makeProvenance.ts';
import { MEDSEAL_SYSTEMS } from './medsealSystems.ts';

/** A record version of another chart, and what its author signed. */
export interface ImportedVersion {
  /** The network's id. */
  readonly network: string;
  readonly record: RecordId;
  readonly version: number;
  readonly author: Address;
  /** The organisation that the author wrote at. */
  readonly organisation: Organisation;
  /** When it was written, Unix seconds. */
  readonly at: number;
  /** The signed entry with what ties the content to it, as JSON. */
  readonly signed?: Base64;
}

/**
 * A FHIR R4 Provenance of entries that a patient brought along: their sources, who wrote these and where, and what the authors
 * signed.
 *
 * @param entries - The entries as they stand on the chart now.
 * @param by - The patient, and when it was imported, Unix seconds.
 * @param versions - The record versions that they come from: first that of the entries, then those of attached files.
 */
export function provenanceOfImport(
  entries: readonly BundleEntry[],
  by: { readonly party: Address; readonly at: number },
  versions: readonly ImportedVersion[],
): Provenance {
  const made = makeProvenance({ ...by, purpose: 'PATRQT' }, 'CREATE', entries);
  const signature = versions.flatMap(({ author, at, signed }) =>
    signed === undefined ? [] : [authorSignature(author, at, signed)],
  );
  const [first] = versions;
  return {
    ...made,
    ...(first && { occurredDateTime: new Date(first.at * 1000).toISOString() }),
    activity: { coding: [{ ...IMPORT }] },
    agent: made.agent.map((agent) => ({ ...agent, type: participant('enterer') })),
    entity: versions.map(({ network, record, version, author, organisation }) => ({
      role: 'source',
      what: {
        identifier: {
          system: MEDSEAL_SYSTEMS.record,
          value: `${record}/${version}`,
          assigner: identified(MEDSEAL_SYSTEMS.network, network),
        },
      },
      agent: [
        {
          type: participant('author'),
          who: identified(MEDSEAL_SYSTEMS.party, author),
          onBehalfOf: {
            ...identified(MEDSEAL_SYSTEMS.organisation, organisation),
            display: organisation,
          },
        },
      ],
    })),
    ...(signature.length > 0 && { signature }),
  };
}

/** The kind of change that an import is: something came from elsewhere and is kept. */
const IMPORT = {
  system: 'http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle',
  code: 'receive',
} as const;

/**
 * Tells whether a Provenance says that what it is about was imported.
 *
 * @param provenance - Of a part, or anything else.
 */
export function isOfImport(provenance: Pick<Provenance, 'activity'> | undefined): boolean {
  const coding = provenance?.activity?.coding;
  return (
    Array.isArray(coding) &&
    coding.some(
      (each: Coding | null) => each?.system === IMPORT.system && each.code === IMPORT.code,
    )
  );
}

function participant(code: 'author' | 'enterer') {
  const system = 'http://terminology.hl7.org/CodeSystem/provenance-participant-type';
  return { coding: [{ system, code }] };
}
