import { type Audit, type AuditEvent, type Party, aloneOn } from '../../../src/client/index.ts';

/** For each log, the number of entries that this device had shown. */
type Shown = Readonly<Record<string, number>>;

const NAME = 'visit';
const begun = new WeakMap<Party, Promise<Shown>>();

/**
 * Returns the events that others caused since the last session on this device, newest first; all of them on a device
 * that has shown none.
 *
 * @param party - The patient.
 * @param audit - Everything that happened.
 */
export async function newSince(party: Party, audit: Audit): Promise<readonly AuditEvent[]> {
  const before = begun.get(party) ?? readShown(party);
  begun.set(party, before);
  const shown = await before;
  // Events that a node left out of its answer are still new at the next visit.
  const now = audit.logs
    .filter(({ complete, faults, events }) => {
      return complete && faults.length === 0 && events.every(({ fault }) => fault === undefined);
    })
    .map(({ log, checkpoint }) => [log, checkpoint?.size ?? 0] as const);
  await aloneOn(party.device, async () => {
    const kept = await readShown(party);
    // Another tab may have shown more.
    const most = now.map(([log, size]) => [log, Math.max(size, kept[log] ?? 0)] as const);
    await party.device.write(NAME, { ...kept, ...Object.fromEntries(most) });
  });
  return audit.logs
    .flatMap(({ events }) => events)
    .filter(({ log, index }) => index >= (shown[log] ?? 0))
    .filter(({ body }) => body !== undefined && body.request.party !== party.address)
    .toSorted((left, right) => (right.body?.at ?? 0) - (left.body?.at ?? 0));
}

async function readShown(party: Party): Promise<Shown> {
  return ((await party.device.read(NAME)) as Shown | undefined) ?? {};
}
