import type { StandingRule } from '../../../../src/client/index.ts';
import type { NameOf } from '../../session/useNames.ts';
import { useWords } from '../../words/useWords.tsx';
import { chooseTermsWords } from '../share/chooseTermsWords.ts';
import { ZERO32 } from '../../../../src/protocol/ids.ts';

/** Puts a standing rule into a sentence. */
export type RuleInWords = (rule: StandingRule, nameOf: NameOf) => string;

/** Returns what puts a standing rule into a sentence: whom it is about, with which records, why and until when. */
export function useRuleInWords(): RuleInWords {
  const { say, moment, locale } = useWords();
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  return (rule, nameOf) => {
    const { parties, categories, until } = rule;
    const who = list.format((parties ?? []).map(nameOf));
    const kinds = list.format((categories ?? []).map((each) => say(`common.category-${each}`)));
    const end =
      until === undefined ? say('rules.no-end') : say('rules.until', { until: moment(until) });
    if (rule.kind === 'deny') {
      const what = categories === undefined ? say('rules.anything') : kinds;
      return say('rules.denies', { who, named: parties === undefined ? 'no' : 'yes', what, end });
    }
    const { covers } = chooseTermsWords({ categories: rule.categories, record: ZERO32 });
    return say('rules.permits', {
      who,
      actions: list.format(rule.actions.map((each) => say(`common.action-${each}`))),
      what: covers === 'everything' ? say('share.everything') : kinds,
      purpose: say(`common.purpose-${rule.purpose}`),
      end,
    });
  };
}
