import { CONTACT_CARD } from '../../client/party/ContactCard.ts';
import type { ChangedRecipient } from '../../client/rights/listChangedRecipients.ts';
import { ADDRESS, BYTES32 } from '../../protocol/wire/findShapeError.ts';
import { shapeOfType } from '../../protocol/shapes/shapeOfType.ts';

/** Shapes of what the verbs about contacts print with `--json`. */

/** `contact add` */
export const CONTACT = { alias: 'text', ...CONTACT_CARD.shape } as const;

/** `contact list` */
export const CONTACTS_LISTED = { contacts: [CONTACT] } as const;

/** `contact changed` */
export const CONTACTS_CHANGED = {
  changed: [
    shapeOfType<ChangedRecipient>('ChangedRecipient')({
      grantee: ADDRESS,
      before: BYTES32,
      fingerprint: BYTES32,
      offered: 'boolean',
      grants: [BYTES32],
    }),
  ],
} as const;

/** `contact accept` */
export const CONTACT_ACCEPTED = {
  grantee: ADDRESS,
  'fingerprint?': BYTES32,
  /** Number of packets that were sealed. */
  packets: 'count',
} as const;

/** `contact remove` */
export const CONTACT_REMOVED = { alias: 'text', removed: 'boolean' } as const;
