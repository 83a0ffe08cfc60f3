import { useMemo, type ReactNode } from 'react';
import { qrRows } from './qrRows.ts';
import classes from './Qr.module.css';

/** Dots of a row above which a code needs more room, so that a camera tells them apart. */
const DENSE = 100;

/** Properties of `Qr`. */
export interface QrProps {
  readonly text: string;
  /** Name of the picture, for those who do not see it. */
  readonly label: string;
  /** True for a text in which capitals matter: the code is larger. */
  readonly exact?: boolean;
}

/** A text as a QR code, black on white also in the dark, because cameras expect that. */
export function Qr({ text, label, exact = false }: QrProps): ReactNode {
  const rows = useMemo(() => qrRows(text, exact), [text, exact]);
  const path = rows
    .flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join('');
  const isDense = rows.length > DENSE;
  return (
    <svg
      className={isDense ? `${classes['qr']} ${classes['dense']}` : classes['qr']}
      role="img"
      aria-label={label}
      viewBox={`0 0 ${rows.length} ${rows.length}`}
    >
      <rect width="100%" height="100%" fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
