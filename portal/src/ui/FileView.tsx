import { useEffect, useState, type ReactNode } from 'react';
import { visibleText } from '../../../src/errors/visibleText.ts';
import { shownText } from '../fhir/shownText.ts';
import { useWords } from '../words/useWords.tsx';
import { Button } from './Button.tsx';
import { Later } from './Later.tsx';
import { Notice } from './Notice.tsx';
import { saveFile } from './saveFile.ts';
import { savedName } from './savedName.ts';
import { SHOWN_IMAGES } from './shownImages.ts';
import classes from './FileView.module.css';

/** `%PDF-`, with which every PDF begins. */
const PDF = [0x25, 0x50, 0x44, 0x46, 0x2d];

/** Largest note that is shown as text, bytes. */
const LONGEST_NOTE = 200_000;

/** Tells whether a file is a note, by its media type. */
export function isNote(type: string): boolean {
  return /^text\/(?:plain|markdown)\b/.test(type);
}

const loadPdf = async () => (await import('../pdf/PdfView.tsx')).PdfView;

/** Properties of `FileView`. */
export interface FileViewProps {
  readonly file: {
    readonly content: Uint8Array;
    /** Media type, as its author named it. */
    readonly type: string;
    readonly title: string;
  };
  /** True if a note stands on a surface of its own, as in a chart; false if absent. */
  readonly isSheet?: boolean;
}

/**
 * A file of a record: a note, an image or a PDF is shown, anything else is saved. No viewer of the browser gets it, for the page's
 * policy does not bind one: what a file runs there runs in the portal's name.
 */
export function FileView({
  file: { content, type, title },
  isSheet = false,
}: FileViewProps): ReactNode {
  const { say, number } = useWords();
  const [url, setUrl] = useState<string>();
  const [isBroken, setBroken] = useState(false);
  const isImage = SHOWN_IMAGES.includes(type);
  const isPdf = type === 'application/pdf';
  useEffect(() => {
    if (!isImage) return undefined;
    const made = URL.createObjectURL(new Blob([Uint8Array.from(content)], { type }));
    setUrl(made);
    setBroken(false);
    return () => URL.revokeObjectURL(made);
  }, [content, type, isImage]);
  const name = visibleText(title, 120);
  const isOther = isBroken || (isPdf && !PDF.every((byte, at) => content[at] === byte));
  return (
    <section className={classes['file']}>
      {isNote(type) && content.length <= LONGEST_NOTE && (
        <pre className={isSheet ? classes['sheet'] : undefined} dir="auto">
          {shownText(new TextDecoder().decode(content))}
        </pre>
      )}
      {url !== undefined && isImage && !isBroken && (
        <img src={url} alt={name} onError={() => setBroken(true)} />
      )}
      {isOther && <Notice kind="warn" title={say('records.not-shown')} />}
      {isPdf && !isOther && (
        <Later load={loadPdf}>{(PdfView) => <PdfView content={content} name={name} />}</Later>
      )}
      <p>
        {name} · {visibleText(type, 60)} ·{' '}
        {say('records.size', { kilobytes: number(Math.ceil(content.length / 1024)) })}
      </p>
      <Button onClick={() => saveFile(savedName(name, type), content, 'application/octet-stream')}>
        {say('records.save-file')}
      </Button>
    </section>
  );
}
