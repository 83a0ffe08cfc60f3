import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { AuditEvent } from '../../../../src/client/index.ts';
import type { NameOf } from '../../session/useNames.ts';
import { useWords } from '../../words/useWords.tsx';
import { useEventInWords } from '../evidence/useEventInWords.ts';

/** Lines that are shown; `Who saw what` has the rest. */
const MOST = 3;

/** Properties of `Looked`. */
export interface LookedProps {
  /** Events that others caused since the last visit, the newest first. */
  readonly events: readonly AuditEvent[];
  readonly nameOf: NameOf;
}

/** Tells who looked, added or was refused. Batches of a device come by the hundred, and have a screen of their own. */
export function Looked({ events, nameOf }: LookedProps): ReactNode {
  const { say, moment } = useWords();
  const inWords = useEventInWords();
  const shown = events.filter(({ body }) => body !== undefined && body.readings === undefined);
  return (
    <section className="part">
      <h2>{say('home.looked', { count: shown.length })}</h2>
      {shown.length === 0 && <p className="nothing">{say('home.nobody-looked')}</p>}
      <ul className="timeline">
        {shown.slice(0, MOST).map(
          ({ body, log, index }) =>
            body !== undefined && (
              <li key={`${log}#${index}`} className={body.flag === 'R' ? 'refused' : undefined}>
                <span className="when">{moment(body.at)}</span>
                <span className="text">{inWords(nameOf(body.request.party), body)}</span>
              </li>
            ),
        )}
      </ul>
      <p>
        <Link href="/evidence">{say('evidence.title')}</Link>
      </p>
    </section>
  );
}
