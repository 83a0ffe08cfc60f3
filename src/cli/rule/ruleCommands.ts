import type { Command } from 'commander';
import { visitor, yes } from '../program/sharedOptions.ts';
import { addNoun, addVerb } from '../program/verb.ts';
import { calledAs } from '../program/calledAs.ts';
import { RULE } from './ruleOptions.ts';

const INTERRUPTED = 'Some of the rights may have changed: "rule apply" does the rest.';

/**
 * Adds the commands about standing rules: `rule …`.
 *
 * @param program - The command line.
 */
export function addRuleCommands(program: Command): void {
  const rule = addNoun(program, 'rule', 'give rights by standing rules, and deny by them');
  addVerb(rule, {
    name: 'add <name>',
    about: 'add a standing rule, and give and end the rights that it comes to',
    args: { name: 'your name for the rule, such as "my cardiologist’s team"' },
    options: RULE,
    shared: [...visitor(), yes()],
    notes: `A denial beats every permit: rights that other rules give, and those that you give by "${calledAs('grant')}". Rights of a
permit last as long as --renew says, and are renewed when half of that is over and "${calledAs('inbox')}" or
"${calledAs('rule apply')}" runs. You see what changes before you sign.`,
    examples: [
      'rule add cardiology --who dr-house,joy --category vitals,reports',
      'rule add "no labels" --deny --category sensitive',
      'rule add "not him" --deny --who dr-house --yes',
    ],
    interrupted: INTERRUPTED,
    gives: async () => (await import('./ruleAnswers.ts')).RULES_APPLIED,
    load: async () => (await import('./addRuleVerb.ts')).addRuleVerb,
  });
  addVerb(rule, {
    name: 'preview [name]',
    about: 'show in words what a rule would change; without a name, what the rules come to',
    args: { name: 'a name for a new rule; the options are those of "rule add"' },
    options: RULE,
    shared: visitor(),
    notes: 'It looks at the list of your chart, which becomes an entry, and changes nothing.',
    examples: ['rule preview', 'rule preview "no labels" --deny --category sensitive'],
    gives: async () => (await import('./ruleAnswers.ts')).RULES_PREVIEWED,
    load: async () => (await import('./previewRule.ts')).previewRule,
  });
  addVerb(rule, {
    name: 'list',
    about: 'list your standing rules',
    shared: visitor(),
    examples: ['rule list'],
    gives: async () => (await import('./ruleAnswers.ts')).RULES_LISTED,
    load: async () => (await import('./listRules.ts')).listRules,
  });
  addVerb(rule, {
    name: 'remove <name>',
    about: 'remove a standing rule, and end the rights that follow from no other',
    args: { name: 'the rule' },
    shared: [...visitor(), yes()],
    notes: 'Rights that you gave one by one, and that a denial ended, do not come back.',
    examples: ['rule remove cardiology', 'rule remove "no labels" --yes'],
    interrupted: INTERRUPTED,
    gives: async () => (await import('./ruleAnswers.ts')).RULES_APPLIED,
    load: async () => (await import('./removeRuleVerb.ts')).removeRuleVerb,
  });
  addVerb(rule, {
    name: 'apply',
    about: 'renew the rights of your rules, and end what they deny',
    shared: visitor(),
    notes: 'It asks nothing: you signed the rules. It is safe to repeat.',
    examples: ['rule apply'],
    interrupted: INTERRUPTED,
    gives: async () => (await import('./ruleAnswers.ts')).RULES_APPLIED,
    load: async () => (await import('./applyRulesVerb.ts')).applyRulesVerb,
  });
}
