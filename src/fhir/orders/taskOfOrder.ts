import type { CodeableConcept, Task } from '@medplum/fhirtypes';
import type { Address, Handle, RecordId } from '../../protocol/ids.ts';
import { fieldOf } from '../fieldOf.ts';
import { partyReference, patientOf } from '../forms/formParts.ts';
import { recordReference, type RecordReferred } from './recordReference.ts';

/** State of an order, in FHIR’s words for the status of a task. */
export type OrderState = 'requested' | 'in-progress' | 'completed' | 'cancelled';

/** A report as far as it says how far its order is. */
export interface ReportStanding extends Required<RecordReferred> {
  /** FHIR’s status of a report, as its author wrote it. */
  readonly status: string;
  /** Unix seconds. */
  readonly at: number;
}

/** An order and its answers, as a chart has them. */
export interface OrderStanding {
  readonly handle: Handle;
  readonly record: RecordId;
  /** The person who ordered. */
  readonly orderer: Address;
  /** The laboratory that was named, if one was. */
  readonly laboratory?: Address;
  /** The ServiceRequest; undefined if it was withdrawn. */
  readonly request: unknown;
  /** Unix seconds. */
  readonly at: number;
  readonly reports: readonly ReportStanding[];
}

/** Status of a report that says everything that was asked. */
const FINAL: readonly string[] = ['final', 'amended', 'corrected', 'appended'];
/** Status of an order that is not to be done any more. */
const ENDED: readonly unknown[] = ['revoked', 'entered-in-error'];

/**
 * Says how far an order is, by what the chart has: nobody writes it down.
 *
 * @param order - The order and its reports.
 */
export function stateOfOrder({
  request,
  reports,
}: Pick<OrderStanding, 'request' | 'reports'>): OrderState {
  const status = fieldOf(request, 'status');
  if (reports.some((report) => isFinal(report))) return 'completed';
  if (request === undefined || ENDED.includes(status)) return 'cancelled';
  return reports.length > 0 ? 'in-progress' : 'requested';
}

/**
 * Tells whether a report is the whole answer.
 *
 * @param report - Its status.
 */
export function isFinal({ status }: Pick<ReportStanding, 'status'>): boolean {
  return FINAL.includes(status);
}

/**
 * An order as a FHIR R4 Task, for the list of whoever shall do it. It is made of the ServiceRequest and its reports each time, and
 * never stored.
 *
 * @param order - The order and its reports.
 */
export function taskOfOrder(order: OrderStanding): Task {
  const { handle, record, orderer, laboratory, request, at, reports } = order;
  const code = fieldOf(request, 'code') as CodeableConcept | undefined;
  const priority = fieldOf(request, 'priority') as Task['priority'] | undefined;
  const changed = Math.max(at, ...reports.map((each) => each.at));
  return {
    resourceType: 'Task',
    status: stateOfOrder(order),
    intent: 'order',
    ...(priority && { priority }),
    code: {
      coding: [{ system: 'http://hl7.org/fhir/CodeSystem/task-code', code: 'fulfill' }],
      ...(typeof code?.text === 'string' && { text: code.text }),
    },
    focus: { type: 'ServiceRequest', ...recordReference({ record }) },
    for: patientOf(handle),
    authoredOn: moment(at),
    lastModified: moment(changed),
    requester: partyReference(orderer),
    ...(laboratory && { owner: partyReference(laboratory) }),
    ...(reports.length > 0 && {
      output: reports.map((report) => ({
        type: { text: 'report' },
        valueReference: { type: 'DiagnosticReport', ...recordReference(report) },
      })),
    }),
  };
}

function moment(at: number): string {
  return new Date(at * 1000).toISOString();
}
