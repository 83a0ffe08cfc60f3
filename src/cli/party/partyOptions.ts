import { data } from '../node/nodeOptions.ts';
import { url, oneOf } from '../program/sharedOptions.ts';
import { option } from '../program/VerbOption.ts';
import { DECLINE_REASONS, ROLES } from '../../protocol/vocabulary.ts';

/** Options of `medseal party card` and `patient card`. */
export const CARD_OPTIONS = [
  option('--out <file>', 'also write the card to this file, as JSON'),
  option('--no-qr', 'print no QR code'),
];

/** Options of `medseal party suspend` and `party resume`. */
export const PARTY_SUSPEND = [
  data(),
  option('--file <file>', 'collect the signatures of the authority’s members in this file'),
  url(),
];

/** Options of `medseal party recover`. */
export const PARTY_RECOVER = [data(), url()];

/** Options of `medseal party apply`. */
export const PARTY_APPLY = [
  option('--role <role>', `apply for this role: ${ROLES.join(', ')}`)
    .argParser(oneOf(ROLES))
    .makeOptionMandatory(),
  option(
    '--at <organisation>',
    'apply at this organisation, which you belong to',
  ).makeOptionMandatory(),
];

/** Options of `medseal party approve`. */
export const PARTY_APPROVE = [
  data(),
  option('--role <role>', 'approve it for this role (default: what it applied for)').argParser(
    oneOf(ROLES),
  ),
  option('--at <organisation>', 'approve it at this organisation (default: where it applied)'),
];

/** Options of `medseal party decline`. */
export const PARTY_DECLINE = [
  data(),
  option('--reason <reason>', 'the reason that the applicant reads')
    .choices(DECLINE_REASONS)
    .makeOptionMandatory(),
];
