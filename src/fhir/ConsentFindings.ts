import type { OperationOutcome, OperationOutcomeIssue } from '@medplum/fhirtypes';
import { fieldOf } from './fieldOf.ts';

/** Something that a reader of a Consent should know: what was taken more narrowly than it may have been meant. */
export interface ConsentNote {
  /** Path of the element. */
  readonly path: string;
  /** A sentence. */
  readonly text: string;
}

/** Collects what is found while a Consent is read: faults, by which it gives nothing, and notes. */
export class ConsentFindings {
  readonly #issues: OperationOutcomeIssue[] = [];
  readonly #notes = new Map<string, ConsentNote>();
  #cases = 0;

  /**
   * Notes a fault.
   *
   * @param path - Path of the element, such as `Consent.provision.actor[0].role`.
   * @param text - Sentence that says what is expected there; it holds nothing of the resource.
   * @param code - Code of IssueType.
   */
  refuse(path: string, text: string, code: OperationOutcomeIssue['code'] = 'not-supported'): void {
    if (this.#issues.length >= MOST_ISSUES) return;
    this.#issues.push({ severity: 'error', code, diagnostics: text, expression: [path] });
  }

  /**
   * Notes what the patient should know before a right is given.
   *
   * @param path - Path of the element.
   * @param text - Sentence.
   */
  note(path: string, text: string): void {
    this.#notes.set(`${path} ${text}`, { path, text });
  }

  /**
   * Counts cases that the permits of a Consent come to on the way; denials split them, and exceptions multiply them.
   *
   * @param count - Number of further cases.
   * @param path - Path of the provision that they are looked at for.
   * @returns False once there are too many: then a fault is noted, and no more may be made.
   */
  takes(count: number, path: string): boolean {
    const before = this.#cases;
    if (before > MOST_CASES) return false;
    this.#cases += count;
    if (this.#cases <= MOST_CASES) return true;
    this.refuse(path, 'There are too many exceptions.', 'too-costly');
    return false;
  }

  /** Requires that an element has no fields but these: whatever else it says would be lost. */
  onlyFields(value: unknown, path: string, fields: readonly string[]): void {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.refuse(path, 'This must be an object.', 'structure');
      return;
    }
    for (const name of Object.keys(value).filter((each) => !fields.includes(each))) {
      // The name is the resource's own text.
      const shown = /^\w{1,40}$/.test(name) ? `${path}.${name}` : path;
      this.refuse(shown, 'Rights cannot express this element.');
    }
  }

  /**
   * Requires that a resource is whole: a server that leaves elements out, as in an answer to `_summary`, says so in its meta.
   *
   * @param resource - The resource.
   * @param path - Its path.
   */
  requireWhole(resource: unknown, path: string): void {
    const meta = fieldOf(resource, 'meta');
    if (meta === undefined) return;
    this.onlyFields(meta, `${path}.meta`, META_FIELDS);
    for (const name of ['tag', 'security']) {
      for (const [coding, at] of this.values(meta, `${path}.meta`, name)) {
        if (!SHORTENED.includes(String(fieldOf(coding, 'code')))) continue;
        this.refuse(at, 'Elements were left out of this: one of them may deny something.');
      }
    }
  }

  /** Returns an element's values, each with its path; refuses what is not a list. */
  values(value: unknown, path: string, name: string): readonly (readonly [unknown, string])[] {
    const list = fieldOf(value, name);
    if (list === undefined) return [];
    if (Array.isArray(list) && list.length > 0) {
      return list.map((each: unknown, index) => [each, `${path}.${name}[${index}]`] as const);
    }
    this.refuse(`${path}.${name}`, 'This must be a list with at least one value.', 'structure');
    return [];
  }

  /** The faults, or undefined. */
  get outcome(): OperationOutcome | undefined {
    if (this.#issues.length === 0) return undefined;
    return { resourceType: 'OperationOutcome', issue: [...this.#issues] };
  }

  /** The notes. */
  get notes(): readonly ConsentNote[] {
    return [...this.#notes.values()];
  }
}

const MOST_ISSUES = 50;
const META_FIELDS = [
  'id',
  'extension',
  'versionId',
  'lastUpdated',
  'source',
  'profile',
  'security',
  'tag',
];
/** Codes of v3-ObservationValue for data from which something was taken. */
const SHORTENED = ['SUBSETTED', 'REDACTED', 'MASKED', 'ABSTRED', 'AGGRED'];
/** More than anybody's Consent comes to. */
const MOST_CASES = 10_000;
