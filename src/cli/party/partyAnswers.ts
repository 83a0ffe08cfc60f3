import { CONTACT_CARD } from '../../client/party/ContactCard.ts';
import { ADDRESS, BYTES32, OneOf } from '../../protocol/wire/findShapeError.ts';
import { DECLINE_REASONS, ROLES } from '../../protocol/vocabulary.ts';
import { PARTY_FACTS } from '../../protocol/shapes/answerShapes.ts';

/** Shapes of what the verbs about parties print with `--json`. */

const { standing: _standing, ...facts } = PARTY_FACTS.shape;
const ROLE = new OneOf(...ROLES);

/** `party apply` */
export const PARTY_APPLIED = {
  name: 'text',
  address: ADDRESS,
  role: ROLE,
  organisation: 'text',
  /** True if the party was enrolled before. */
  already: 'boolean',
  'handle?': BYTES32,
} as const;

/** `party show` */
export const PARTY_SHOWN = {
  name: 'text',
  ...facts,
  /** The organisation whose node serves the visitor, after a move. */
  'servedBy?': 'text',
} as const;

/** `party move` */
export const PARTY_MOVED = {
  name: 'text',
  address: ADDRESS,
  /** The organisation whose node serves the party. */
  organisation: 'text',
  /** Address below which the node is. */
  'url?': 'text',
  /** True if this device knew of the move before. */
  already: 'boolean',
} as const;

/** `party card`, `patient card` */
export const CARD_SHOWN = {
  ...CONTACT_CARD.shape,
  /** The card as one word. */
  text: 'text',
} as const;

const APPLICANT = { party: ADDRESS, role: ROLE, organisation: 'text' } as const;

/** `party waiting` */
export const PARTIES_WAITING = {
  waiting: [
    {
      ...APPLICANT,
      'recipient?': BYTES32,
      /** Words that the applicant finds with its application. */
      'words?': 'text',
    },
  ],
} as const;

/** `party approve` */
export const PARTY_APPROVED = {
  ...APPLICANT,
  /** The members of the authority, separated by commas. */
  by: 'text',
} as const;

/** `party decline` */
export const PARTY_DECLINED = { ...PARTY_APPROVED, reason: new OneOf(...DECLINE_REASONS) } as const;

/** `party recover` */
export const PARTY_RECOVERED = {
  party: ADDRESS,
  /** Address of the new key. */
  signer: ADDRESS,
  'already?': 'boolean',
  'signedBy?': ['text'],
  /** Number of signatures that are missing, and the file that collects them. */
  'missing?': 'count',
  'file?': 'text',
  'transaction?': BYTES32,
  'block?': 'count',
  /** First second at which it takes effect, Unix. */
  'readyAt?': 'count',
} as const;

/** `party suspend`, `party resume` */
export const PARTY_SUSPENDED = {
  party: ADDRESS,
  suspended: 'boolean',
  'already?': 'boolean',
  'signedBy?': ['text'],
  /** Number of signatures that are missing, and the file that collects them. */
  'missing?': 'count',
  'file?': 'text',
  'transaction?': BYTES32,
  'block?': 'count',
} as const;
