import type { Provenance } from '@medplum/fhirtypes';
import { MedsealError } from '../errors/MedsealError.ts';
import { ZERO32, type RecordId } from '../protocol/ids.ts';
import type { Write } from '../protocol/struct/requests.ts';
import type { EntryToTell } from './auditEventOf.ts';
import { identified, type NamedReference } from './auditParts.ts';
import { MEDSEAL_SYSTEMS } from './medsealSystems.ts';

/**
 * Writes an accepted version of a record as a FHIR R4 Provenance: its author, for which organisation, when, what for,
 * under which grant, and of which version it is a revision. The signed entry, which it names, is what proves this.
 *
 * @param told - Verified entry of a write.
 * @throws MedsealError `ARGUMENT_INVALID` for any other entry.
 */
export function provenanceOfWrite({ entry, body, organisation }: EntryToTell): Provenance {
  const { flag, at, request } = body;
  if (flag !== 'A' || request.type !== 'Write') {
    const reason = 'only an accepted write has a provenance';
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'body', reason });
  }
  const { action, record, version, purpose, grant } = request.message as Write;
  const { party, organisation: system } = MEDSEAL_SYSTEMS;
  return {
    resourceType: 'Provenance',
    id: entry.slice(2),
    target: [versionOf(record, version)],
    recorded: new Date(at * 1000).toISOString(),
    ...(grant !== ZERO32 && { policy: [`${MEDSEAL_SYSTEMS.grant}:${grant}`] }),
    activity: {
      coding: [{ system: `${HL7}/v3-DataOperation`, code: action === 'add' ? 'CREATE' : 'UPDATE' }],
    },
    reason: [{ coding: [{ system: `${HL7}/v3-ActReason`, code: purpose }] }],
    agent: [
      {
        type: { coding: [{ system: `${HL7}/provenance-participant-type`, code: 'author' }] },
        who: { identifier: { system: party, value: request.party } },
        ...(organisation !== undefined && {
          onBehalfOf: { identifier: { system, value: organisation } },
        }),
      },
    ],
    ...(version > 1 && {
      entity: [{ role: 'revision', what: versionOf(record, version - 1) }],
    }),
  };
}

const HL7 = 'http://terminology.hl7.org/CodeSystem';

/** A version of a record; references have no field for it. */
function versionOf(record: RecordId, version: number): NamedReference {
  return identified(MEDSEAL_SYSTEMS.record, `${record}/${version}`);
}
