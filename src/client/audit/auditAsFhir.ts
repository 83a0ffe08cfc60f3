import type { AuditEvent as FhirAuditEvent, Bundle, Provenance } from '@medplum/fhirtypes';
import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { readBlockTime } from '../../bindings/readBlockTime.ts';
import type { ChartEvent } from '../../bindings/readChartEvents.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { RuleToTell } from '../../fhir/auditEventOfRule.ts';
import { auditInFhir } from '../../fhir/auditInFhir.ts';
import { askedView } from '../../protocol/askedView.ts';
import { canonicalHash } from '../../protocol/canonicalHash.ts';
import type { Address, Organisation } from '../../protocol/ids.ts';
import type { Signed, Write } from '../../protocol/requests.ts';
import type { Party } from '../party/Party.ts';
import type { AuditEvent } from './Audit.ts';
import { confirmFacts } from './confirmFacts.ts';

/** Findings of an audit that are written as FHIR. */
export interface AuditToWrite {
  /** The patient. */
  readonly party: Party;
  readonly events: readonly AuditEvent[];
  /** Changes of the rules of the chart, as `readChartEvents` gives them. */
  readonly rules: readonly ChartEvent[];
  /** The ledger that the rules are from. */
  readonly ledger?: LedgerProvider;
}

/** Unix seconds of the end of the year 9999, the last one that FHIR can write. */
const LATEST = 253_402_300_799;

/**
 * Writes an audit as FHIR R4: what was verified, and no more. Coordinators confirm the organisation of each party.
 *
 * @param found - Findings of the audit.
 * @throws MedsealError `PEER_MALFORMED` for a block of a time that FHIR cannot write; of the agent and the ledger.
 * @example
 * ```ts
 * const rules = await readChartEvents(ledger, network.contracts, handle);
 * const { logs } = await readAudit(patient);
 * const events = logs.flatMap((log) => log.events);
 * const bundle = await auditAsFhir({ party: patient, events, rules, ledger });
 * console.log(`${bundle.entry?.length} resources`);
 * ```
 */
export async function auditAsFhir({
  party,
  events,
  rules,
  ledger,
}: AuditToWrite): Promise<Bundle<FhirAuditEvent | Provenance>> {
  const organisations = new Map<Address, Organisation | undefined>();
  const organisationOf = async (who: Address): Promise<Organisation | undefined> => {
    if (!organisations.has(who)) {
      const { party: facts } = await confirmFacts(party, { party: who });
      organisations.set(who, facts?.organisation);
    }
    return organisations.get(who);
  };
  const writes = writesIn(events);
  const told = [];
  for (const { entry, body, fault, released } of events) {
    if (body === undefined || fault !== undefined) continue;
    const organisation = await organisationOf(body.request.party);
    const view = askedView(body.request);
    const write = view && writes.get(nameOf(view));
    const from = write && (await organisationOf(write.party));
    const by = released?.map((each) => each.organisation);
    told.push({
      entry,
      body,
      ...(organisation !== undefined && { organisation }),
      ...(by && by.length > 0 && { released: by }),
      ...(write && { origin: { category: write.message.category, author: write.party, from } }),
    });
  }
  const changed: RuleToTell[] = [];
  for (const event of ledger ? rules : []) {
    if (event.kind !== 'Granted' && event.kind !== 'Revoked') continue;
    const { kind, grant, handle, transaction, block } = event;
    const at = await readBlockTime(ledger as LedgerProvider, block);
    if (at > LATEST) throw new MedsealError('PEER_MALFORMED', { what: 'block' });
    const id = canonicalHash(party.primitives, { kind, grant, transaction });
    changed.push({ kind, grant, handle, transaction, at, id, patient: party.address });
  }
  return auditInFhir(told, changed);
}

/** The accepted writes of an audit, by the version that each put on the chart. */
function writesIn(events: readonly AuditEvent[]): ReadonlyMap<string, Signed<'Write'>> {
  const writes = new Map<string, Signed<'Write'>>();
  for (const { body, fault } of events) {
    if (body?.flag !== 'A' || fault !== undefined || body.request.type !== 'Write') continue;
    const write = body.request as Signed<'Write'>;
    writes.set(nameOf(write.message), write);
  }
  return writes;
}

function nameOf({ record, version }: Pick<Write, 'record' | 'version'>): string {
  return `${record}/${version}`;
}
