import type { ReactNode } from 'react';
import type { BatchHeader } from '../../../src/protocol/evidence/LogBatch.ts';
import { useWords } from '../words/useWords.tsx';
import { Hash } from './Hash.tsx';
import { Table } from './Table.tsx';

/** Properties of `BlockTable`. */
export interface BlockTableProps {
  readonly caption: string;
  readonly blocks: readonly {
    readonly header: BatchHeader;
    /** Number of entries, or their places. */
    readonly entries: string;
    /** Absent if nothing was checked. */
    readonly safe?: boolean;
  }[];
}

/** Headers of blocks or batches with P1's fields. */
export function BlockTable({ caption, blocks }: BlockTableProps): ReactNode {
  const { say, moment, number } = useWords();
  const told = (safe: boolean | undefined): string => {
    if (safe === undefined) return '–';
    return safe ? `✓ ${say('verify.safe')}` : `✗ ${say('verify.unsafe')}`;
  };
  const isJudged = blocks.some(({ safe }) => safe !== undefined);
  return (
    <Table
      caption={caption}
      columns={[
        say('explorer.number'),
        say('explorer.time'),
        say('explorer.entries'),
        say('explorer.hash'),
        say('explorer.previous'),
        say('explorer.merkle-root'),
        ...(isJudged ? [say('explorer.result')] : []),
      ]}
      rows={blocks.map(({ header, entries, safe }) => ({
        key: header.number,
        cells: [
          number(header.number),
          moment(header.timestamp),
          entries,
          <Hash key="hash" value={header.hash} />,
          <Hash key="previous" value={header.previousHash} />,
          <Hash key="root" value={header.merkleRoot} />,
          ...(isJudged ? [told(safe)] : []),
        ],
      }))}
    />
  );
}
