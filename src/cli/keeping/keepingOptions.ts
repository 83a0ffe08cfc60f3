import { pastMoment } from '../program/duration.ts';
import { option } from '../program/VerbOption.ts';

const DATA = option('--data <folder>', 'use this folder of the node').default('.medseal');

/** Options of `medseal fsck`. */
export const FSCK = [
  DATA,
  option('--organisation <name>', 'examine this organisation alone'),
  option('--network <file>', 'trust this network file (default: the one in the folder)'),
  option('--repair', 'rebuild what can be derived from intact data'),
  option(
    '--discard-unknown',
    'with --repair, delete from a bucket or IPFS what this folder does not know',
  ),
];

/** Options of `medseal backup`. */
export const BACKUP = [
  DATA,
  option(
    '--to <path>',
    'write to this empty folder, or to this file, whose name ends with .tar',
  ).makeOptionMandatory(),
];

/** Options of `medseal backups-ended`. */
export const BACKUPS_ENDED_OPTIONS = [
  DATA,
  option('--before <date>', 'all backups from before this day or moment are destroyed')
    .argParser(pastMoment)
    .makeOptionMandatory(),
];

/** Options of `medseal restore`. */
export const RESTORE = [
  option('--data <folder>', 'restore into this folder: empty, or not there yet').default(
    '.medseal',
  ),
  option(
    '--fingerprint <hash>',
    'require that the backup knows this network file: that of the newest change, as the others have it',
  ),
];
