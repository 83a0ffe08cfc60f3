import type { AuditEvent as FhirAuditEvent, Bundle, Provenance } from '@medplum/fhirtypes';
import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { readBlockTime } from '../../bindings/readBlockTime.ts';
import type { ChartEvent } from '../../bindings/readChartEvents.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { RecordToTell } from '../../fhir/auditEventOf.ts';
import type { Origin } from '../../fhir/auditParts.ts';
import type { RuleToTell } from '../../fhir/auditEventOfRule.ts';
import { auditInFhir } from '../../fhir/auditInFhir.ts';
import { askedView } from '../../protocol/evidence/askedView.ts';
import { canonicalHash } from '../../protocol/wire/canonicalHash.ts';
import type { Address, Organisation } from '../../protocol/ids.ts';
import type { Signed } from '../../protocol/struct/requests.ts';
import type { Party } from '../party/Party.ts';
import type { AuditEvent } from './Audit.ts';
import { confirmFacts } from './confirmFacts.ts';
import { writtenVersionOf, viewedRecords, writesIn } from './viewedRecords.ts';

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
  const originOf = async (write: Signed<'Write'>): Promise<Origin> => {
    const from = await organisationOf(write.party);
    return { category: write.message.category, author: write.party, from };
  };
  for (const event of events) {
    const { entry, body, fault, released } = event;
    if (body === undefined || fault !== undefined) continue;
    const organisation = await organisationOf(body.request.party);
    const view = askedView(body.request);
    const write = view && writes.get(writtenVersionOf(view));
    const by = released?.map((each) => each.organisation);
    const records: RecordToTell[] = [];
    for (const each of viewedRecords(party.primitives, event, writes)) {
      if (!each.isAccepted) continue;
      const origin = each.write && (await originOf(each.write));
      const { record, version, released: parts } = each;
      records.push({ record, version, released: parts, ...(origin && { origin }) });
    }
    told.push({
      entry,
      body,
      ...(organisation !== undefined && { organisation }),
      ...(by && by.length > 0 && { released: by }),
      ...(write && { origin: await originOf(write) }),
      ...(records.length > 0 && { records }),
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
