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
  /** Words on the fold in which the text is; it stands open without them. */
  readonly fold?: string;
  /** Name of the text, if it is not that of the picture. */
  readonly textLabel?: string;
  /** Stands between the picture and the text. */
  readonly children?: ReactNode;
}

/** A text as a QR code with the text beside it, for who has no camera: black on white also in the dark, because cameras expect that. */
export function Qr({
  text,
  label,
  exact = false,
  fold,
  textLabel = label,
  children,
}: QrProps): ReactNode {
  const rows = useMemo(() => qrRows(text, exact), [text, exact]);
  const path = rows
    .flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join('');
  const isDense = rows.length > DENSE;
  const asText = (
    <textarea
      className={classes['code']}
      readOnly
      rows={4}
      dir="ltr"
      aria-label={textLabel}
      value={text}
      onFocus={(event) => event.target.select()}
    />
  );
  return (
    <>
      <svg
        className={isDense ? `${classes['qr']} ${classes['dense']}` : classes['qr']}
        role="img"
        aria-label={label}
        viewBox={`0 0 ${rows.length} ${rows.length}`}
      >
        <rect width="100%" height="100%" fill="#fff" />
        <path d={path} fill="#000" />
      </svg>
      {children}
      {fold === undefined ? (
        asText
      ) : (
        <details>
          <summary>{fold}</summary>
          {asText}
        </details>
      )}
    </>
  );
}
