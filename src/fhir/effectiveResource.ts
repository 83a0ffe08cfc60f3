import type { ClaimState } from '../protocol/claims.ts';
import type { PrescriptionStanding } from '../protocol/prescriptionStanding.ts';
import { fieldOf, listOf } from './fieldOf.ts';

/**
 * Present state of something that a resource tells of: of a prescription or a claim, as the ledger has it; of a policy, by its
 * period. `altered` if the resource is not the one that was signed; `unconfirmed` if k coordinators did not answer.
 */
export type Standing = PrescriptionStanding | ClaimState | 'altered' | 'unconfirmed';

type StatusRow = Partial<Readonly<Record<Standing, string>>>;
/** For each type of resource that can be out of date, its FHIR status by what became of it. */
const STATUSES: Readonly<Record<string, StatusRow>> = {
  MedicationRequest: {
    unissued: 'draft',
    altered: 'unknown',
    unconfirmed: 'unknown',
    early: 'active',
    active: 'active',
    // A patient who got the last of it takes it still.
    dispensed: 'active',
    held: 'on-hold',
    cancelled: 'cancelled',
    replaced: 'stopped',
    expired: 'stopped',
    completed: 'completed',
  },
  Claim: {
    unissued: 'draft',
    altered: 'draft',
    unconfirmed: 'draft',
    open: 'active',
    asked: 'active',
    approved: 'active',
    denied: 'active',
    disputed: 'active',
    used: 'active',
    withdrawn: 'cancelled',
    reversed: 'cancelled',
    lapsed: 'cancelled',
  },
  Coverage: { expired: 'cancelled' },
};
/** Extensions of `status`: what became of it, and the status that its author wrote. */
const [STATE, WRITTEN] = ['urn:medseal:state', 'urn:medseal:written'];

/**
 * The resource as it stands now: its status says what became of it, and no longer what its author once wrote. Extensions of the
 * status keep both. A resource that its author marked as entered in error stays so. Nobody's word counts for what the ledger says: such
 * extensions that an author wrote are removed.
 *
 * @param resource - A resource as its author wrote it; anything.
 * @param standing - Its present state; undefined if the resource alone says it.
 */
export function effectiveResource<Resource>(
  resource: Resource,
  standing: Standing | undefined,
): Resource {
  const plain = withoutOurs(resource);
  const type = String(fieldOf(plain, 'resourceType'));
  const row = Object.hasOwn(STATUSES, type) ? STATUSES[type] : undefined;
  const written = fieldOf(plain, 'status');
  const status = row && standing && statusBy(row, standing, written);
  if (status === undefined || written === 'entered-in-error') return plain;
  const beside = fieldOf(plain, '_status');
  const extension = [
    ...listOf(fieldOf(beside, 'extension')),
    { url: STATE, valueCode: standing },
    ...(typeof written === 'string' ? [{ url: WRITTEN, valueCode: written }] : []),
  ];
  const own = typeof beside === 'object' ? beside : {};
  return { ...plain, status, _status: { ...own, extension } };
}

/**
 * Returns what an effective resource says of what became of it.
 *
 * @param resource - As `effectiveResource` gives it.
 */
export function standingIn(resource: unknown): Standing | undefined {
  return codeIn(resource, STATE) as Standing | undefined;
}

/**
 * The resource as its author wrote it, from the effective one: so that an amendment writes nothing that the ledger said.
 *
 * @param resource - As `effectiveResource` gives it, perhaps changed since. A status that was changed stays.
 */
export function writtenResource<Resource>(resource: Resource): Resource {
  const standing = standingIn(resource);
  const written = codeIn(resource, WRITTEN);
  const plain = withoutOurs(resource);
  if (standing === undefined || written === undefined) return plain;
  const type = String(fieldOf(plain, 'resourceType'));
  const row = Object.hasOwn(STATUSES, type) ? STATUSES[type] : undefined;
  const isShown = row && fieldOf(plain, 'status') === statusBy(row, standing, written);
  return isShown === true ? { ...plain, status: written } : plain;
}

/** A state that nobody confirms is not called active, and a resource that its author ended stays ended. */
function statusBy(row: StatusRow, standing: Standing, written: unknown): unknown {
  const isOpen = standing === 'altered' || standing === 'unconfirmed';
  return isOpen && typeof written === 'string' && written !== 'active' ? written : row[standing];
}

function codeIn(resource: unknown, url: string): string | undefined {
  const code = fieldOf(extensionsOf(resource).find(isOurs(url)), 'valueCode');
  return typeof code === 'string' ? code : undefined;
}

function extensionsOf(resource: unknown): readonly unknown[] {
  return listOf(fieldOf(fieldOf(resource, '_status'), 'extension'));
}

function isOurs(...urls: readonly unknown[]): (extension: unknown) => boolean {
  return (extension) => urls.includes(fieldOf(extension, 'url'));
}

function withoutOurs<Resource>(resource: Resource): Resource {
  const isEither = isOurs(STATE, WRITTEN);
  const extensions = extensionsOf(resource);
  if (!extensions.some(isEither)) return resource;
  const { _status: beside, ...plain } = resource as Record<string, unknown>;
  const { extension: _all, ...own } = beside as Record<string, unknown>;
  const left = extensions.filter((each) => !isEither(each));
  const kept = { ...own, ...(left.length > 0 && { extension: left }) };
  return { ...plain, ...(Object.keys(kept).length > 0 && { _status: kept }) } as Resource;
}
