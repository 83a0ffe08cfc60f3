import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as fc from 'fast-check';
import type { Address } from '../../protocol/ids.ts';
import { CATEGORIES } from '../../protocol/vocabulary.ts';
import { deniedCategories } from './deniedCategories.ts';
import { rightsOfRules } from './rightsOfRules.ts';
import type { StandingRule } from './StandingRule.ts';

const TEAM = ['11', '22', '33'].map((byte): Address => `0x${byte.repeat(20)}`);
const AT = 1000;

const parties = fc.subarray(TEAM, { minLength: 1 });
const categories = fc.subarray([...CATEGORIES], { minLength: 1 });
const until = fc.option(fc.constantFrom(AT - 1, AT, AT + 1, AT + 5000), { nil: undefined });
const name = fc.uuid();
const permit = fc.record({
  name,
  kind: fc.constant('permit' as const),
  parties,
  categories,
  actions: fc.constant(['read'] as const),
  purpose: fc.constant('TREAT' as const),
  renew: fc.constantFrom(100, 1000),
  until,
});
const deny = fc.record({
  name,
  kind: fc.constant('deny' as const),
  parties: fc.option(parties, { nil: undefined }),
  categories: fc.option(categories, { nil: undefined }),
  until,
});

it('rules give exactly what some permit gives and no denial takes, each right no longer than its rule', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(permit, deny), { maxLength: 6 }), (drawn) => {
      const rules = drawn.map((rule) => JSON.parse(JSON.stringify(rule)) as StandingRule);
      const rights = rightsOfRules(rules, AT);
      const standing = rules.filter(({ until: end }) => end === undefined || end > AT);
      for (const grantee of TEAM) {
        for (const category of CATEGORIES) {
          const fits = (kind: StandingRule['kind']): boolean =>
            standing.some(
              (rule) =>
                rule.kind === kind &&
                (rule.parties?.includes(grantee) ?? true) &&
                (rule.categories?.includes(category) ?? true),
            );
          const given = rights.some(
            (right) => right.grantee === grantee && right.categories.includes(category),
          );
          assert.equal(given, fits('permit') && !fits('deny'));
          const denied = deniedCategories(rules, { grantee, categories: [category] }, AT);
          assert.equal(denied.length > 0, fits('deny'));
        }
      }
      for (const right of rights) {
        const rule = rules.find((each) => each.name === right.rule);
        assert.ok(rule?.kind === 'permit');
        assert.equal(right.until, Math.min(AT + rule.renew, rule.until ?? Infinity));
      }
    }),
    { numRuns: 60 },
  );
});
