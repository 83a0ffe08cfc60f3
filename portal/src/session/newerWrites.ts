import type { Audit, AuditEvent, Chart } from '../../../src/client/index.ts';

/**
 * Finds what was written to a chart after its list came. Batches of a device's readings do not count: they come every few seconds,
 * and have a screen of their own.
 *
 * @param audit - An audit of the chart.
 * @param chart - The chart.
 * @returns Names of the writes.
 */
export function newerWrites(
  audit: { readonly logs: readonly Pick<Audit['logs'][number], 'events'>[] },
  chart: Pick<Chart, 'records'>,
): readonly string[] {
  const listed = new Set(chart.records.map(({ acknowledgement }) => nameOf(acknowledgement)));
  return audit.logs
    .flatMap(({ events }) => events)
    .filter(
      ({ body, fault }) =>
        fault === undefined &&
        body?.flag === 'A' &&
        body.request.type === 'Write' &&
        body.readings === undefined,
    )
    .map(nameOf)
    .filter((name) => !listed.has(name));
}

function nameOf({ log, index }: Pick<AuditEvent, 'log' | 'index'>): string {
  return `${log}#${index}`;
}
