import type { VersionBefore } from '../../src/client/records/sealVersion.ts';
import { ZERO32, type Bytes32 } from '../../src/protocol/ids.ts';
import type { Grant } from '../../src/protocol/struct/requests.ts';
import type { Category } from '../../src/protocol/vocabulary.ts';

/** Greatest number of coming ends of rights for which keys are sealed ahead. */
const AHEAD = 3;

/** A version of a record as its entry names it. */
export interface ModelFile extends VersionBefore {
  readonly hash: Bytes32;
  readonly patient: number;
  readonly category: Category;
  readonly epoch: number;
  /** Time at which it was judged, Unix seconds. */
  readonly at: number;
  /** Its keys were destroyed; `perhaps` if the device died while it did that. */
  erased: 'no' | 'perhaps' | 'yes';
}

/** A right that a patient signed. */
export interface ModelRight {
  readonly digest: Bytes32;
  readonly grant: Grant;
  readonly patient: number;
  readonly grantee: number;
  /** `signed`: nodes were given it, and the ledger was not. */
  state: 'signed' | 'active' | 'revoked';
  /** The grantee must have the keys of all epochs up to this one, whatever becomes of the patient's devices. */
  reach: number;
  /** Files whose keys the grantee must have, if it is to one record alone. */
  readonly files: Set<Bytes32>;
}

/**
 * Model of the files that each may open, and of those that each must be able to open. The rule:
 *
 * - **Never too much.** A grantee may open a file if there was a moment at which a right of theirs to read covered it
 *   and was in force, while the file was there and its keys were not destroyed. Nothing else, ever, whatever nodes were
 *   given: no category that was not granted, no other patient, no other record of a right to one, nothing that was
 *   sealed after the right ended or while the grantee was suspended, nothing whose keys were destroyed before the right
 *   was given. A right is in force until its date, until it is revoked, and not while its grantee is suspended; its keys
 *   are at nodes from the day on which it is given, also if it begins later. A grantee may have kept
 *   anything that the grantee could once open.
 * - What was sealed with a grant is released only if the ledger took the grant before the keys turned.
 * - Nothing is sealed to a key that a grantee changed to before the patient accepts it.
 * - **Never too little.** While a right is in force, its grantee reads whatever it covers. The keys of the present epoch
 *   are there since a device of the patient was last connected, and those of as many epochs after it as there are ends
 *   of others' rights that it outlives, up to three. A file of a later epoch may wait (`KEY_PENDING`) until a device of
 *   the patient connects. Of a right to one record: its versions until a device connected last. An erased file is
 *   reported as erased, and does not open.
 */
export class KeysModel {
  readonly files: ModelFile[] = [];
  readonly rights: ModelRight[] = [];
  /** Grantees who are suspended. */
  readonly suspended = new Set<number>();
  /** Present epochs, by patient, as the ledger has them. */
  readonly epochs = new Map<number, number>();
  /** Unix seconds. */
  now: number;
  readonly #may = new Map<number, Set<ModelFile>>();
  /** For how many changes of their key each grantee is known to the patients, by patient and grantee. */
  readonly #pins = new Map<string, number>();
  readonly #accepting = new Set<string>();
  readonly #changes = new Map<number, number>();
  /** By patient and category, the epoch in which an erasure broke off last. */
  readonly #brokenOff = new Map<string, number>();

  /** @param now - Unix seconds. */
  constructor(now: number) {
    this.now = now;
  }

  /** Updates who may open what, after time has passed or something has happened. */
  tell(now: number): void {
    for (const right of this.rights) {
      const may = this.#may.get(right.grantee) ?? new Set();
      this.#may.set(right.grantee, may);
      for (const file of this.files) if (this.#wasGiven(right, file)) may.add(file);
    }
    this.now = now;
  }

  /** Tells whether a right gave the key of a file at any moment since the last one that was told. */
  #wasGiven(right: ModelRight, file: ModelFile): boolean {
    const { until, read } = right.grant.terms;
    if (!read || file.erased === 'yes' || !covers(right, file)) return false;
    // Nodes hold its keys of the epochs so far, and would never release them.
    if (right.state === 'signed') return file.epoch <= right.reach;
    if (right.state === 'revoked' || this.suspended.has(right.grantee)) return false;
    return until > Math.max(this.now, file.at);
  }

  /** Tells whether a grantee may be able to open a file. */
  mayOpen(grantee: number, file: ModelFile): boolean {
    return this.#may.get(grantee)?.has(file) === true;
  }

  /** A right was signed, with keys up to an epoch; 0 if none went along. */
  given(right: Pick<ModelRight, 'digest' | 'grant' | 'patient' | 'grantee'>, epoch: number): void {
    const { read, record } = right.grant.terms;
    const given: ModelRight = { ...right, state: 'signed', reach: epoch, files: new Set() };
    this.rights.push(given);
    const pair = `${right.patient} ${right.grantee}`;
    if (read && !this.#pins.has(pair)) this.#pins.set(pair, this.changesOf(right.grantee));
    if (read && record !== ZERO32) this.#hasFiles(given);
  }

  /** The ledger took a right in an epoch: in a later one than that of its packet, nodes release nothing of that. */
  placed(right: ModelRight, epoch: number): void {
    if (epoch <= right.reach) return;
    right.reach = 0;
    right.files.clear();
  }

  /** A device of the patient has done its work on connecting; `records` if it saw to those shared alone. */
  connected(patient: number, records: boolean): void {
    const epoch = this.epochs.get(patient) ?? 0;
    const readers = this.rights.filter((each) => each.patient === patient && this.#isReader(each));
    const ends = new Set(readers.filter(isWhole).map(({ grant }) => grant.terms.until));
    for (const right of readers) {
      if (this.suspended.has(right.grantee) || this.isUnaccepted(right)) continue;
      if (isWhole(right)) {
        const outlived = [...ends].filter((until) => until < right.grant.terms.until).length;
        right.reach = Math.max(right.reach, epoch + Math.min(AHEAD, outlived));
      } else if (records) {
        this.#hasFiles(right);
      }
    }
  }

  /** A grantee has another key, which patients have to accept. */
  changed(grantee: number): void {
    this.#changes.set(grantee, this.changesOf(grantee) + 1);
  }

  /** A patient is about to accept it: from now on something may be sealed to it. */
  accepting(patient: number, grantee: number): void {
    this.#accepting.add(`${patient} ${grantee} ${this.changesOf(grantee)}`);
  }

  /** Tells whether nothing of a patient may be sealed to a grantee's present key. */
  isForeign(patient: number, grantee: number): boolean {
    const isTaken = this.#accepting.has(`${patient} ${grantee} ${this.changesOf(grantee)}`);
    return this.isUnaccepted({ patient, grantee }) && !isTaken;
  }

  /** A patient has accepted it, and what the grantee may read was sealed again. */
  accepted(patient: number, grantee: number): void {
    this.#pins.set(`${patient} ${grantee}`, this.changesOf(grantee));
    for (const right of this.rights) {
      if (right.patient !== patient || right.grantee !== grantee || !this.#isReader(right))
        continue;
      if (isWhole(right)) right.reach = Math.max(right.reach, this.epochs.get(patient) ?? 0);
      else this.#hasFiles(right);
    }
  }

  /** Number of changes of a grantee's key. */
  changesOf(grantee: number): number {
    return this.#changes.get(grantee) ?? 0;
  }

  /** Tells whether the patient knows another key of the grantee than the present one. */
  isUnaccepted({ patient, grantee }: Pick<ModelRight, 'patient' | 'grantee'>): boolean {
    const pin = this.#pins.get(`${patient} ${grantee}`);
    return pin !== undefined && pin !== this.changesOf(grantee);
  }

  /** A version of a record was added. One added in the epoch in which an erasure broke off may be erased too. */
  added(file: Omit<ModelFile, 'erased'>): void {
    const broken = this.#brokenOff.get(`${file.patient} ${file.category}`) ?? 0;
    this.files.push({ ...file, erased: file.epoch <= broken ? 'perhaps' : 'no' });
  }

  /** The keys of a category up to an epoch were destroyed, or perhaps were. */
  erased(patient: number, category: Category, upTo: number, how: 'perhaps' | 'yes'): void {
    for (const right of this.rights) {
      const { categories } = right.grant.terms;
      if (right.patient === patient && categories.includes(category)) this.#withdrawn(right);
    }
    if (how === 'perhaps') {
      this.#brokenOff.set(`${patient} ${category}`, this.epochs.get(patient) ?? 0);
    }
    for (const file of this.files) {
      const isMeant = file.patient === patient && file.category === category && file.epoch <= upTo;
      if (isMeant && file.erased !== 'yes') file.erased = how;
    }
  }

  /** Tells whether a right can be relied on now to read, and how it is refused if not. */
  standing({ grant, grantee, state }: ModelRight): 'holds' | readonly string[] {
    const { from, until, read } = grant.terms;
    if (this.suspended.has(grantee)) return ['PARTY_SUSPENDED'];
    if (state === 'signed') return ['RIGHT_MISSING'];
    if (state === 'revoked' || this.now >= until) return ['RIGHT_ENDED'];
    return read && from <= this.now ? 'holds' : ['RIGHT_MISSING'];
  }

  /** The files that a right covers. */
  covered(right: ModelRight): readonly ModelFile[] {
    return this.files.filter((file) => covers(right, file));
  }

  /** The newest versions of a patient's records. */
  newest(patient: number): readonly ModelFile[] {
    const own = this.files.filter((file) => file.patient === patient);
    return own.filter(
      (file) =>
        !own.some(({ record, version }) => record === file.record && version > file.version),
    );
  }

  /** Returns the results a grantee may get by a right that holds, for a file under it: `opens`, or error codes. */
  reading(right: ModelRight, file: ModelFile): readonly string[] {
    if (file.erased === 'yes') return ['RECORD_ERASED'];
    const has = isWhole(right) ? file.epoch <= right.reach : right.files.has(file.hash);
    if (file.erased === 'perhaps') return ['opens', 'RECORD_ERASED', 'KEY_PENDING'];
    return has ? ['opens'] : ['opens', 'KEY_PENDING'];
  }

  /** Returns the results that the patient may get for a file of their own chart. */
  readingOwn({ erased }: ModelFile): readonly string[] {
    if (erased === 'no') return ['opens'];
    return erased === 'yes' ? ['RECORD_ERASED'] : ['opens', 'RECORD_ERASED'];
  }

  /** Tells whether the patient's devices take care of keys for a right. */
  #isReader({ grant: { terms }, state }: ModelRight): boolean {
    return state === 'active' && terms.read && terms.until > this.now;
  }

  /** Notes that the deposits of a right were taken back if nothing could replace them at once. */
  #withdrawn(right: ModelRight): void {
    right.files.clear();
    if (this.suspended.has(right.grantee) || this.isUnaccepted(right)) right.reach = 0;
  }

  #hasFiles(right: ModelRight): void {
    for (const file of this.covered(right)) if (file.erased === 'no') right.files.add(file.hash);
  }
}

/** Tells whether a right is to whole categories. */
function isWhole({ grant }: ModelRight): boolean {
  return grant.terms.record === ZERO32;
}

function covers({ patient, grant: { terms } }: ModelRight, file: ModelFile): boolean {
  return (
    patient === file.patient &&
    terms.categories.includes(file.category) &&
    [ZERO32, file.record].includes(terms.record)
  );
}
