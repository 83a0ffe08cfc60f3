import { BYTES32 } from '../../protocol/wire/findShapeError.ts';
import { TERMS } from '../../protocol/shapes/messageShape.ts';

/** Shapes of what the verbs about FHIR Consents print with `--json`. */

/** `consent export` */
export const CONSENTS_EXPORTED = {
  handle: BYTES32,
  file: 'text',
  consents: 'count',
  /** Grants that no device of the patient knows, and that the file leaves out. */
  unknown: [BYTES32],
} as const;

/** `consent import` */
export const CONSENT_IMPORTED = {
  handle: BYTES32,
  rights: [
    {
      grant: BYTES32,
      /** True if the same right stood before. */
      already: 'boolean',
      terms: TERMS,
      /** True if the letter with the grant was sent. */
      delivered: 'boolean',
    },
  ],
  /** Elements that were taken more narrowly than they may have been meant. */
  notes: [{ path: 'text', text: 'text' }],
} as const;
