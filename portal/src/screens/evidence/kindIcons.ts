import type { IconName } from '../../ui/iconNames.ts';
import type { ActKind } from './kindOfEvent.ts';

/** The drawing of each kind of acts. */
export const KIND_ICONS: Readonly<Record<ActKind | 'other', IconName>> = {
  looked: 'eye',
  added: 'file-plus',
  refused: 'shield-x',
  devices: 'watch',
  other: 'info',
};

/** The colour of each kind of acts; absent for the usual one. */
export const KIND_TONES: Readonly<Partial<Record<ActKind | 'other', 'good' | 'danger'>>> = {
  added: 'good',
  refused: 'danger',
};
