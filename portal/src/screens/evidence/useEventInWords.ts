import { useCallback } from 'react';
import type { Body } from '../../../../src/protocol/evidence.ts';
import { isRefusalCode } from '../../../../src/protocol/isRefusalCode.ts';
import type { Ask, View, Write } from '../../../../src/protocol/requests.ts';
import type { WordKey } from '../../words/WordKey.ts';
import { useWords } from '../../words/useWords.tsx';

/** Returns what puts an entry of evidence into a sentence. */
export function useEventInWords(): (who: string, body: Body) => string {
  const { say } = useWords();
  return useCallback(
    (who, { flag, code, request }) => {
      const { type, message } = request;
      const [act, category] = actOf(type, message);
      const values = {
        who,
        what: category === undefined ? '' : say(`common.category-${category}`),
        purpose: say(`common.purpose-${message.purpose}`),
        code: isRefusalCode(code) ? say(`evidence.why-${code}`) : (code ?? ''),
      };
      const key: WordKey = flag === 'A' ? `evidence.did-${act}` : `evidence.refused-${act}`;
      return say(key, values);
    },
    [say],
  );
}

type Act =
  'add' | 'amend' | 'chart' | 'record' | 'audit' | 'chain' | 'request' | 'grant' | 'decline';

function actOf(
  type: Body['request']['type'],
  message: Write | View | Ask,
): readonly [Act, Write['category']?] {
  if (type === 'Write') return [(message as Write).action, (message as Write).category];
  if (type === 'View') return [(message as View).what];
  return [(message as Ask).what];
}
