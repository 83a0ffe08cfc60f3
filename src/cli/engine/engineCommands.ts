import type { Command } from 'commander';
import { data } from '../node/nodeOptions.ts';
import { addNoun, addVerb } from '../program/verb.ts';

/**
 * Adds the commands for the engine of an organisation's validator: `engine …`.
 *
 * @param program - The command line.
 */
export function addEngineCommands(program: Command): void {
  const engine = addNoun(program, 'engine', 'give the validator the program of an upgrade');
  addVerb(engine, {
    name: 'add <file>',
    about: 'put a program of the engine into the node’s folder, by its hash',
    args: { file: 'the program' },
    options: [data()],
    notes: `Nothing runs it before an upgrade that the network signed names it ("network propose --engine"). Then the node states on the
ledger that it holds it, and runs it from the upgrade’s block on. The node may run, or stand still for want of it.`,
    examples: ['engine add medseal-engine-0.3.0-linux-amd64 --data hospital'],
    interrupted: 'Run it again: that is safe.',
    gives: async () => (await import('./engineAnswers.ts')).ENGINE_ADDED,
    load: async () => (await import('./addEngine.ts')).addEngine,
  });
}
