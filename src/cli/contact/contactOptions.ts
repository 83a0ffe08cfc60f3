import { option } from '../program/VerbOption.ts';

/** Options of `medseal contact accept`. */
export const CONTACT_ACCEPT = [
  option(
    '--fingerprint <hash>',
    'require this fingerprint, which you got by another way than the network',
  ),
];
