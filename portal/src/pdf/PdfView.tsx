import type { ReactNode } from 'react';
import { Notice } from '../ui/Notice.tsx';
import { Pending } from '../ui/Pending.tsx';
import { useWords } from '../words/useWords.tsx';
import { PdfPages } from './PdfPages.tsx';
import { usePdf } from './usePdf.ts';

/** Properties of `PdfView`. */
export interface PdfViewProps {
  readonly content: Uint8Array;
  /** Title of the document, without what could mislead. */
  readonly name: string;
}

/** A PDF that others wrote, as pictures of its pages; or why it is not shown. */
export function PdfView({ content, name }: PdfViewProps): ReactNode {
  const { say } = useWords();
  const { document: opened, fault } = usePdf(content);
  if (fault !== undefined) return <Notice kind="warn" title={say(`records.pdf-${fault}`)} />;
  if (opened === undefined) return <Pending what={say('records.pdf-opening')} />;
  return <PdfPages opened={opened} name={name} />;
}
