import type { AuditEvent } from '@medplum/fhirtypes';
import { askedView, keepOf } from '../protocol/evidence/askedView.ts';
import { canonicalJson } from '../protocol/wire/canonicalJson.ts';
import type { Body } from '../protocol/evidence/evidence.ts';
import { ZERO32, type Bytes32, type Organisation } from '../protocol/ids.ts';
import type { Ask, Erase, ViewSet, Write } from '../protocol/struct/requests.ts';
import {
  dataEntity,
  identified,
  queryEntity,
  refusalEvent,
  restEvent,
  transactionEntity,
  type Accessed,
  type Origin,
} from './auditParts.ts';
import { MEDSEAL_SYSTEMS } from './medsealSystems.ts';

/** A record version that a view of several records released. */
export interface RecordToTell extends Pick<Write, 'record' | 'version'> {
  /** Organisations that say that they released its key. */
  readonly released: readonly Organisation[];
  /** Its origin, if the audit has its entry. */
  readonly origin?: Origin;
}

/** An entry of a log that concerns a patient. */
export interface EntryToTell {
  readonly entry: Bytes32;
  readonly body: Body;
  /** Organisation of the party that acted, if it is known. */
  readonly organisation?: Organisation;
  /** Organisations that say that they released the key of a viewed record. */
  readonly released?: readonly Organisation[];
  /** Origin of the viewed record version, if the audit has its entry. */
  readonly origin?: Origin;
  /** Of a view of several records: those that it released, as far as they are known. */
  readonly records?: readonly RecordToTell[];
}

/**
 * Writes an entry of a patient's audit as a FHIR R4 AuditEvent, in the form of IHE's Basic Audit Log Patterns: a write
 * is a create or an update, a view of a record a read, one of a list a query, a request for a right and its answer a
 * create and an update of that request, an erasure a delete of a category, and a refusal an authorization decision. It is for FHIR software; the signed entry
 * is what proves the event.
 *
 * @param told - Verified entry, with its body.
 */
export function auditEventOf(told: EntryToTell): AuditEvent {
  const { entry, body, organisation } = told;
  const { flag, code, log, at, request } = body;
  const { message } = request;
  const [, server = ''] = log.split('/');
  const event = {
    id: entry,
    at,
    user: request.party,
    handle: message.handle,
    purpose: message.purpose,
    server: identified(MEDSEAL_SYSTEMS.organisation, server),
    site: log,
  };
  if (flag === 'R') {
    const { grant } = message;
    return refusalEvent({
      ...event,
      reason: code ?? 'refused',
      ...(organisation !== undefined && { organisation }),
      ...(grant !== ZERO32 && { grant }),
    });
  }
  const done = accessOf(told);
  const entities = [...done.entities, transactionEntity(MEDSEAL_SYSTEMS.entry, entry)];
  return restEvent({ ...event, ...done, entities, ...(organisation && { organisation }) });
}

function accessOf({
  body: { request, left = [] },
  released,
  origin,
  records = [],
}: EntryToTell): Pick<Accessed, 'kind' | 'interaction' | 'entities'> {
  if (request.type === 'Write') {
    const { action, record, version, category } = request.message as Write;
    const what = identified(MEDSEAL_SYSTEMS.record, record);
    const entities = [dataEntity(what, version, { category })];
    return action === 'add'
      ? { kind: 'Create', interaction: 'create', entities }
      : { kind: 'Update', interaction: 'update', entities };
  }
  const view = askedView(request);
  if (view !== undefined) {
    const { what, record, version } = view;
    if (what !== 'record') {
      const entities = [queryEntity(canonicalJson(request))];
      return { kind: 'Query', interaction: 'search-type', entities };
    }
    const entity = identified(MEDSEAL_SYSTEMS.record, record);
    const entities = [dataEntity(entity, version, { keep: keepOf(view), released, ...origin })];
    return { kind: 'Read', interaction: 'vread', entities };
  }
  if (request.type === 'ViewSet') {
    // Without its list an entry says how many they were, as its request does.
    if (records.length === 0) {
      const entities = [queryEntity(canonicalJson(request))];
      return { kind: 'Query', interaction: 'search-type', entities };
    }
    const keep = keepOf(request.message as ViewSet);
    const entities = records.map(({ record, version, released: by, origin: from }) =>
      dataEntity(identified(MEDSEAL_SYSTEMS.record, record), version, {
        keep,
        released: by,
        ...from,
      }),
    );
    // Of some nobody told which they were: the request says how many there are in all.
    const isTold = records.length === (request.message as ViewSet).count - left.length;
    const rest = isTold ? [] : [queryEntity(canonicalJson(request))];
    return { kind: 'Read', interaction: 'vread', entities: [...entities, ...rest] };
  }
  if (request.type === 'Erase') {
    const { category, epoch } = request.message as Erase;
    const what = dataEntity(identified(MEDSEAL_SYSTEMS.category, category));
    const detail = [{ type: 'last epoch', valueString: String(epoch) }];
    return { kind: 'Delete', interaction: 'delete', entities: [{ ...what, detail }] };
  }
  // The signed entry has the rest.
  if (request.type !== 'Ask') return { kind: 'Create', interaction: 'create', entities: [] };
  const { what, request: asked } = request.message as Ask;
  const entities = [dataEntity(identified(MEDSEAL_SYSTEMS.request, asked))];
  return what === 'request'
    ? { kind: 'Create', interaction: 'create', entities }
    : { kind: 'Update', interaction: 'update', entities };
}
