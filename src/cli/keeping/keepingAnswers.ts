import { BACKED_UP_NETWORK } from '../../backup/BackedUpNetwork.ts';
import { END, HEAD } from '../../backup/Manifest.ts';
import { MapOf, Named, OneOf, type Shape } from '../../protocol/wire/findShapeError.ts';
import type { ExaminedPart } from '../../services/examination/OrganisationExamination.ts';
import type { FolderFault } from '../../services/examination/FolderFault.ts';
import { shapeOfType } from '../../protocol/shapes/shapeOfType.ts';

/** Shapes of what the verbs about backups and damage print with `--json`. */

const { files, bytes } = END;

/** `fsck` */
export const FOLDER_EXAMINED = {
  /** Migrations of the next run, if an earlier version wrote the folder. */
  migrations: ['text'],
  parts: [shapeOfType<ExaminedPart>('ExaminedPart')({ path: 'text', name: 'text', holds: 'text' })],
  /** Number of repaired faults, with `--repair`. */
  'repaired?': 'count',
  /** Number of faults, and of those of each kind. */
  size: 'count',
  counts: new MapOf(/^[a-z-]+$/, 'count'),
  /** The first of them. */
  faults: [
    new Named<Shape, FolderFault>('FolderFault', {
      kind: /^[a-z-]+$/,
      what: 'text',
      remedy: new OneOf('rebuild', 'peers', 'backup', 'none'),
      path: 'text',
    }),
  ],
} as const;

/** `backup` */
export const BACKUP_MADE = {
  ...HEAD,
  files,
  bytes,
  /** Milliseconds for which a running node held back its writes. */
  'paused?': 'number',
  /** The newest network file of the folder when the backup began; absent if the network was not founded yet. */
  'network?': BACKED_UP_NETWORK,
  to: 'text',
} as const;

/** `restore` */
export const BACKUP_RESTORED = {
  ...HEAD,
  files,
  bytes,
  /** The newest network file in it; absent if the network was not founded yet. */
  'network?': BACKED_UP_NETWORK,
  data: 'text',
} as const;

/** `backups-ended` */
export const BACKUPS_ENDED_SAID = {
  /** Backups from before this moment are destroyed, and when the operator said so, Unix seconds. */
  before: 'count',
  at: 'count',
  /** The newest backup that is known. */
  'newest?': 'count',
} as const;
