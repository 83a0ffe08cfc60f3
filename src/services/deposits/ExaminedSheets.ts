import { hexToBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { verifyInclusion } from '../../crypto/merkle/verifyInclusion.ts';
import { exactRow } from '../../database/exactRow.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import type { ProvenSheet } from '../../protocol/rights/epochs.ts';
import { sheetLeaf, sheetsRoot } from '../../protocol/rights/sheetsRoot.ts';
import { PROVEN_SHEET } from '../../protocol/shapes/askedShapes.ts';
import { BYTES32 } from '../../protocol/wire/findShapeError.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { readDepositKey } from './depositKeys.ts';

/** Examines the stored key sheets against the roots that they were committed to, one patient after the other. */
export class ExaminedSheets {
  readonly #primitives: Primitives;
  readonly #say: (what: string) => void;
  /** Sheets of one patient by commitment; between those of one there may be epochs of others. */
  readonly #commitments = new Map<
    string,
    { readonly key: string; readonly sheet?: ProvenSheet }[]
  >();
  /** Commitments all of whose sheets are there, by patient and root. */
  readonly #roots = new Set<string>();
  #patient = '';

  /**
   * @param primitives - Hash functions.
   * @param say - Told of each fault.
   */
  constructor(primitives: Primitives, say: (what: string) => void) {
    this.#primitives = primitives;
    this.#say = say;
  }

  /** Takes a row; those of one patient follow each other. */
  take(key: string, value: string): void {
    const { owner, third } = readDepositKey(key);
    if (owner !== this.#patient) this.end();
    this.#patient = owner;
    const sheet = exactRow(value);
    const found = isOfShape(PROVEN_SHEET, sheet) ? { key, sheet } : { key };
    this.#commitments.set(third, [...(this.#commitments.get(third) ?? []), found]);
    if (!isOfShape(BYTES32, third)) this.#say(`a sheet has a malformed root: ${key}`);
  }

  /** Examines those of the last patient. */
  end(): void {
    for (const [root, sheets] of this.#commitments) {
      const proven = sheets.flatMap(({ sheet }) => sheet ?? []);
      const whole =
        proven.length === sheets.length &&
        isOfShape(BYTES32, root) &&
        succeeds(() => this.#isCommitted(root, proven));
      const altered = sheets.filter(({ key, sheet }) => !whole || !sheet || !isAt(key, sheet));
      if (whole) this.#roots.add(`${this.#patient}/${root}`);
      if (altered.length > 0)
        this.#say(
          `sheets of patient ${this.#patient} with root ${root} were altered, or one is lost`,
        );
    }
    this.#commitments.clear();
  }

  /** Tells whether all sheets of a commitment are there. */
  has(handle: Handle, root: Bytes32): boolean {
    return this.#roots.has(`${handle}/${root}`);
  }

  #isCommitted(root: Bytes32, sheets: readonly ProvenSheet[]): boolean {
    const plain = sheets.map(({ sheet }) => sheet);
    if (sheetsRoot(this.#primitives, plain) !== root) return false;
    return sheets.every(({ sheet, proof }, index) =>
      verifyInclusion(this.#primitives, {
        index,
        size: sheets.length,
        leaf: sheetLeaf(this.#primitives, sheet),
        proof: proof.map(hexToBytes),
        root: hexToBytes(root),
      }),
    );
  }
}

/** Tells whether a sheet is of the patient and epoch that it is kept under. */
function isAt(key: string, { sheet }: ProvenSheet): boolean {
  const { owner, second: epoch } = readDepositKey(key);
  return sheet.handle === owner && sheet.epoch === Number(epoch);
}
