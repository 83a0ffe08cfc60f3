import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Button } from '../ui/Button.tsx';
import { Notice } from '../ui/Notice.tsx';
import { useWords } from '../words/useWords.tsx';
import type { OpenPdf } from './openPdf.ts';
import { usePage } from './usePdf.ts';
import classes from './PdfPages.module.css';

/** Widths of a page, as multiples of the width that there is; styles have one for each. */
const SIZES = [1, 1.5, 2, 3] as const;

/** Pictures are drawn for the next multiple of this width, and not again for each pixel of a window that changes. */
const STEP = 160;

/** Properties of `PdfPages`. */
export interface PdfPagesProps {
  readonly opened: OpenPdf;
  /** Title of the document. */
  readonly name: string;
}

/** The pages of a document, one at once, with buttons and keys to turn them and to make them larger. */
export function PdfPages({ opened, name }: PdfPagesProps): ReactNode {
  const { say } = useWords();
  const { pages } = opened;
  const [page, setPage] = useState(1);
  const [size, setSize] = useState(0);
  const [wide, setWide] = useState(0);
  const paper = useRef<HTMLCanvasElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const times = (SIZES[size] ?? 1) * Math.min(devicePixelRatio, 2);
  const shown = usePage(opened, page, Math.ceil(wide * times));
  useEffect(() => {
    if (place.current === null) return undefined;
    const watching = new ResizeObserver(([entry]) => {
      const width = entry?.contentRect.width ?? 0;
      if (width > 0) setWide(Math.ceil(width / STEP) * STEP);
    });
    watching.observe(place.current);
    return () => watching.disconnect();
  }, []);
  useEffect(() => {
    const { picture } = shown;
    if (picture === undefined || paper.current === null) return;
    paper.current.width = picture.width;
    paper.current.height = picture.height;
    paper.current.getContext('bitmaprenderer')?.transferFromImageBitmap(picture);
  }, [shown]);
  const { fault } = shown;
  if (fault !== undefined && fault !== 'unreadable')
    return <Notice kind="warn" title={say(`records.pdf-${fault}`)} />;
  const turnTo = (to: number): void => setPage(Math.min(Math.max(to, 1), pages));
  const resizeTo = (to: number): void => setSize(Math.min(Math.max(to, 0), SIZES.length - 1));
  const keys: Readonly<Record<string, () => void>> = {
    PageUp: () => turnTo(page - 1),
    PageDown: () => turnTo(page + 1),
    Home: () => turnTo(1),
    End: () => turnTo(pages),
    '+': () => resizeTo(size + 1),
    '-': () => resizeTo(size - 1),
  };
  const press = (event: KeyboardEvent): void => {
    const act = keys[event.key];
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  };
  const isDrawn = shown.of === page;
  const isDamaged = isDrawn && fault !== undefined;
  const title = say('records.pdf-page', { page, pages });
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys repeat what its buttons do
    <div className={classes['pdf']} role="group" aria-label={name} onKeyDown={press}>
      <p className="row">
        <Button disabled={page === 1} onClick={() => turnTo(page - 1)}>
          {say('records.pdf-before')}
        </Button>
        <span role="status">{title}</span>
        <Button disabled={page === pages} onClick={() => turnTo(page + 1)}>
          {say('records.pdf-next')}
        </Button>
        <Button kind="quiet" disabled={size === 0} onClick={() => resizeTo(size - 1)}>
          {say('records.pdf-smaller')}
        </Button>
        <Button
          kind="quiet"
          disabled={size === SIZES.length - 1}
          onClick={() => resizeTo(size + 1)}
        >
          {say('records.pdf-larger')}
        </Button>
      </p>
      {isDamaged && <Notice kind="warn" title={say('records.pdf-no-page', { page })} />}
      {isDrawn && shown.lacks === true && <Notice kind="warn" title={say('records.pdf-lacks')} />}
      <div
        ref={place}
        className={classes['paper']}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- who has no mouse scrolls it by keys
        tabIndex={0}
        role="region"
        aria-label={title}
        aria-busy={!isDrawn}
        hidden={isDamaged}
      >
        <canvas
          ref={paper}
          className={classes[`times-${size}`]}
          role="img"
          aria-label={say('records.pdf-picture', { page, pages, name })}
        />
      </div>
      <p className="hint">{say('records.pdf')}</p>
    </div>
  );
}
