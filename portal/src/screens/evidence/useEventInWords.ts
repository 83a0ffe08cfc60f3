import { useCallback } from 'react';
import type { ViewedRecord } from '../../../../src/client/index.ts';
import type { Body } from '../../../../src/protocol/evidence/evidence.ts';
import { isRefusalCode } from '../../../../src/protocol/wire/isRefusalCode.ts';
import type { WordKey } from '../../words/WordKey.ts';
import { useWords } from '../../words/useWords.tsx';
import { actOf } from './actOf.ts';

/** Returns what puts an entry of evidence into a sentence. */
export function useEventInWords(): EventInWords {
  const { say, moment } = useWords();
  return useCallback(
    (who, { flag, code, request, left }, { records = [], isWhole = false } = {}) => {
      const { message } = request;
      const [act, category] = actOf(request);
      const accepted = records.filter(({ isAccepted }) => isAccepted);
      const counts = [...Map.groupBy(accepted, ({ write }) => write?.message.category)].map(
        ([of, { length }]) =>
          `${say(of === undefined ? 'evidence.unlisted' : `common.category-${of}`)}: ${length}`,
      );
      const values = {
        parts:
          (isWhole ? `, ${say('evidence.whole-chart')}` : '') +
          (counts.length === 0 ? '' : ` (${counts.join(', ')})`),
        who,
        until: 'keep' in message ? moment(message.keep) : '',
        count: 'count' in message ? message.count - (left?.length ?? 0) : 0,
        what: category === undefined ? request.type : say(`common.category-${category}`),
        purpose: say(`common.purpose-${message.purpose}`),
        code: isRefusalCode(code) ? say(`evidence.why-${code}`) : (code ?? ''),
      };
      const key: WordKey = flag === 'A' ? `evidence.did-${act}` : `evidence.refused-${act}`;
      const isOfSeveral = request.type === 'ViewSet';
      const together = isWhole && !isOfSeveral ? ` ${say('evidence.whole-together')}` : '';
      return say(key, values) + together;
    },
    [say, moment],
  );
}

/** Says what somebody did, in a sentence; of a view of several records with how many of each category they were. */
export type EventInWords = (
  who: string,
  body: Body,
  parts?: { readonly records?: readonly ViewedRecord[]; readonly isWhole?: boolean },
) => string;
