import type { ClaimState } from '../protocol/care/claims.ts';
import type { PrescriptionStanding } from '../protocol/care/prescriptionStanding.ts';
import { fieldOf, listOf } from './fieldOf.ts';

/**
 * Present state of something that a resource tells of: of a prescription or a claim, as the ledger has it; of a policy, by its
 * period. `altered` if the resource is not the one that was signed; `unconfirmed` if k coordinators did not answer.
 */
export type Standing = PrescriptionStanding | ClaimState | 'altered' | 'unconfirmed';

/** The patient's words against a record, or its author's answer to them. */
export interface Objection {
  /** Unix seconds. */
  readonly at: number;
  /** Not trusted; absent if they could not be opened. */
  readonly words?: string;
  /**
   * Of an answer: the author says that a version amends the record, or declines for the reason that the words are; `unread` if it could
   * not be opened. Absent for the patient's words.
   */
  readonly answer?: 'amended' | 'declined' | 'unread';
  /** The version that amends the record, as the author says. */
  readonly version?: number;
}

/** Amount that is left to hand out of a prescription, as the ledger has it. */
export interface LeftOfPrescription {
  /** Whole units, such as tablets. */
  readonly left: number;
  readonly whole: number;
  /** Not trusted. */
  readonly unit: string;
}

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
    drawn: 'active',
    judged: 'active',
    paid: 'active',
    used: 'active',
    withdrawn: 'cancelled',
    reversed: 'cancelled',
    lapsed: 'cancelled',
  },
  Coverage: { expired: 'cancelled' },
};
/** Extensions of `status`: what became of it, the status that its author wrote, and what is left of it. */
const [STATE, WRITTEN, LEFT] = ['urn:medseal:state', 'urn:medseal:written', 'urn:medseal:left'];
/** Extensions of a resource: what the patient says against the record that it is in, and what its author answers. */
const [OBJECTION, ANSWER] = ['urn:medseal:objection', 'urn:medseal:objection-answer'];
/** Extension of such an answer: the version that amends the record. */
const AMENDED = 'urn:medseal:amended-version';

/**
 * The resource as it stands now: its status says what became of it, and no longer what its author once wrote. Extensions of the
 * status keep both. A resource that its author marked as entered in error stays so. Nobody's word counts for what the ledger says: such
 * extensions that an author wrote are removed.
 *
 * @param resource - A resource as its author wrote it; anything.
 * @param standing - Its present state; undefined if the resource alone says it.
 * @param objections - Objections to its record.
 * @param left - Amount that is left of a prescription, if its state is known.
 */
export function effectiveResource<Resource>(
  resource: Resource,
  standing: Standing | undefined,
  objections: readonly Objection[] = [],
  left?: LeftOfPrescription,
): Resource {
  const plain = withObjections(withoutOurs(resource), objections);
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
    ...(left ? [{ url: LEFT, valueRatio: ratioOf(left) }] : []),
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

function ratioOf({ left, whole, unit }: LeftOfPrescription): unknown {
  return { numerator: { value: left, unit }, denominator: { value: whole, unit } };
}

/**
 * Returns what an effective resource says of what is left to hand out of a prescription.
 *
 * @param resource - As `effectiveResource` gives it.
 */
export function leftIn(resource: unknown): LeftOfPrescription | undefined {
  const ratio = fieldOf(extensionsOf(resource).find(isOurs(LEFT)), 'valueRatio');
  const [left, whole] = ['numerator', 'denominator'].map((name) =>
    fieldOf(fieldOf(ratio, name), 'value'),
  );
  const unit = fieldOf(fieldOf(ratio, 'numerator'), 'unit');
  if (typeof left !== 'number' || typeof whole !== 'number') return undefined;
  return { left, whole, unit: typeof unit === 'string' ? unit : '' };
}

/**
 * Returns what an effective resource says of the patient's objections.
 *
 * @param resource - As `effectiveResource` gives it.
 */
export function objectionsIn(resource: unknown): readonly Objection[] {
  return listOf(fieldOf(resource, 'extension'))
    .filter(isOurs(OBJECTION, ANSWER))
    .map((extension) => {
      const said = fieldOf(extension, 'valueAnnotation');
      const words = fieldOf(said, 'text');
      const at = Date.parse(String(fieldOf(said ?? extension, said ? 'time' : 'valueDateTime')));
      const answer = fieldOf(extension, 'url') === ANSWER ? answerIn(said) : {};
      return { at: at / 1000, ...(typeof words === 'string' && { words }), ...answer };
    });
}

function answerIn(said: unknown): Pick<Objection, 'answer' | 'version'> {
  if (said === undefined) return { answer: 'unread' };
  const amended = listOf(fieldOf(said, 'extension')).find(isOurs(AMENDED));
  const version = fieldOf(amended, 'valueInteger');
  return typeof version === 'number' ? { answer: 'amended', version } : { answer: 'declined' };
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

/** The resource without what only this page writes: nobody's word counts for it. */
function withoutOurs<Resource>(resource: Resource): Resource {
  return without(
    without(resource, 'extension', isOurs(OBJECTION, ANSWER)),
    '_status',
    isOurs(STATE, WRITTEN, LEFT),
  );
}

/** Leaves extensions out of a list of a resource: its own, or those of its status. */
function without<Resource>(
  resource: Resource,
  where: 'extension' | '_status',
  isOut: (extension: unknown) => boolean,
): Resource {
  const own = where === '_status' ? fieldOf(resource, where) : resource;
  const extensions = listOf(fieldOf(own, 'extension'));
  if (!extensions.some(isOut)) return resource;
  const { extension: _all, ...plain } = own as Record<string, unknown>;
  const left = extensions.filter((each) => !isOut(each));
  const kept = { ...plain, ...(left.length > 0 && { extension: left }) };
  if (where === 'extension') return kept as Resource;
  const { _status: _before, ...others } = resource as Record<string, unknown>;
  return { ...others, ...(Object.keys(kept).length > 0 && { _status: kept }) } as Resource;
}

function withObjections<Resource>(resource: Resource, objections: readonly Objection[]): Resource {
  if (objections.length === 0 || typeof resource !== 'object' || resource === null) return resource;
  const said = objections.map(({ at, words: text, answer, version }) => {
    const time = new Date(at * 1000).toISOString();
    const url = answer === undefined ? OBJECTION : ANSWER;
    if (text === undefined) return { url, valueDateTime: time };
    const extension = version !== undefined && [{ url: AMENDED, valueInteger: version }];
    return { url, valueAnnotation: { ...(extension && { extension }), time, text } };
  });
  return { ...resource, extension: [...listOf(fieldOf(resource, 'extension')), ...said] };
}
