import { useEffect, useState, type ReactNode } from 'react';
import { visibleText } from '../../../src/errors/visibleText.ts';
import { useWords } from '../words/useWords.tsx';
import { Button } from './Button.tsx';
import { saveFile } from './saveFile.ts';

/** Images that a browser shows without running anything. */
const IMAGES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/** Properties of `FileView`. */
export interface FileViewProps {
  readonly file: {
    readonly content: Uint8Array;
    /** Media type, as its author named it. */
    readonly type: string;
    readonly title: string;
  };
}

/** A file of a record: an image or a PDF is shown in a frame that can do nothing; anything else is saved. */
export function FileView({ file: { content, type, title } }: FileViewProps): ReactNode {
  const { say, number } = useWords();
  const [url, setUrl] = useState<string>();
  const isImage = IMAGES.includes(type);
  const isPdf = type === 'application/pdf';
  useEffect(() => {
    if (!isImage && !isPdf) return undefined;
    const made = URL.createObjectURL(new Blob([Uint8Array.from(content)], { type }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [content, type, isImage, isPdf]);
  const name = visibleText(title, 120);
  return (
    <section className="file">
      {url !== undefined && isImage && <img src={url} alt={name} />}
      {url !== undefined && isPdf && <iframe src={url} title={name} sandbox="" />}
      <p>
        {name} · {visibleText(type, 60)} ·{' '}
        {say('records.size', { kilobytes: number(Math.ceil(content.length / 1024)) })}
      </p>
      <Button onClick={() => saveFile(name.replaceAll(/[\\/:*?"<>|]/g, '_'), content, type)}>
        {say('records.save-file')}
      </Button>
    </section>
  );
}
