import type { ReactNode } from 'react';
import type { KnownRight } from '../../../../src/client/index.ts';
import type { Bytes32 } from '../../../../src/protocol/ids.ts';
import { Button } from '../../ui/Button.tsx';
import { List } from '../../ui/List.tsx';
import { useWords } from '../../words/useWords.tsx';
import { useTermsInWords } from '../share/useTermsInWords.ts';
import panelLook from '../../ui/Panel.module.css';

/** Properties of `OtherRights`. */
export interface OtherRightsProps {
  readonly rights: readonly KnownRight[];
  /** Opens the chart by one of them, which is another view. */
  readonly onOpen: (digest: Bytes32) => void;
}

/** Says which other rights of the reader show more of the chart: each view relies on one right and its purpose. */
export function OtherRights({ rights, onOpen }: OtherRightsProps): ReactNode {
  const { say } = useWords();
  const inWords = useTermsInWords(true, true);
  if (rights.length === 0) return null;
  return (
    <details className={panelLook['aside']}>
      <summary>{say('chart.other-rights', { count: rights.length })}</summary>
      <p>{say('chart.other-rights-mean')}</p>
      <List items={rights} keyOf={({ digest }) => digest}>
        {({ digest, grant }) => (
          <>
            <p className="said">{inWords(grant.terms)}</p>
            <Button onClick={() => onOpen(digest)}>{say('chart.open-by')}</Button>
          </>
        )}
      </List>
    </details>
  );
}
