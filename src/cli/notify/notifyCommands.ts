import type { Command } from 'commander';
import { visitor } from '../program/sharedOptions.ts';
import { addNoun, addVerb } from '../program/verb.ts';

/**
 * Adds the commands about browsers that are told of news: `notify …`.
 *
 * @param program - The command line.
 */
export function addNotifyCommands(program: Command): void {
  const notify = addNoun(program, 'notify', 'list the browsers that are told of news, or end that');
  addVerb(notify, {
    name: 'list',
    about: 'list the browsers that your organisation tells of your news',
    shared: visitor(),
    notes: `A browser is told once you turn that on in the portal, under "My key". It is told that there is news, and nothing more.`,
    examples: ['notify list', 'notify list --json'],
    interrupted: 'Nothing was changed.',
    gives: async () => (await import('./notifyAnswers.ts')).BROWSERS_TOLD,
    load: async () => (await import('./listToldVerb.ts')).listToldVerb,
  });
  addVerb(notify, {
    name: 'off [browser]',
    about: 'tell a browser no longer of your news, or none of them',
    args: { browser: 'the beginning of its name in "notify list" (default: all)' },
    shared: visitor(),
    examples: ['notify off', 'notify off 0x3fa8'],
    interrupted: 'Browsers may be told no longer: "notify list" shows those that still are.',
    gives: async () => (await import('./notifyAnswers.ts')).BROWSERS_TOLD,
    load: async () => (await import('./stopTellingVerb.ts')).stopTellingVerb,
  });
}
