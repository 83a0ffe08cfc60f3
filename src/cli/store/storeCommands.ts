import type { Command } from 'commander';
import { addNoun, addVerb } from '../program/verb.ts';
import { STORE_MIGRATE } from './storeOptions.ts';

/**
 * Adds the commands about the place of a node's stores: `store …`.
 *
 * @param program - The command line.
 */
export function addStoreCommands(program: Command): void {
  const store = addNoun(program, 'store', 'keep the stores of a node in PostgreSQL');
  addVerb(store, {
    name: 'migrate',
    about: 'copy all stores of a stopped node to PostgreSQL, or back, and verify each there',
    options: STORE_MIGRATE,
    notes: `It copies logs, the vault’s index, deposits, letters and verdicts, and compares number and hash of all rows. Then the node
uses the new place alone. Nothing is removed from the old one, and later erasures do not reach it: delete it once the node
runs. It can be interrupted and run again. The ledger, its index and sealed files stay in the folder.`,
    examples: [
      'store migrate --data hospital --to postgres://medseal@db.example.org/medseal --password db.txt',
      'store migrate --data hospital --to folder',
    ],
    interrupted: 'The node uses the old place as before. Run it again.',
    gives: async () => (await import('./storeAnswers.ts')).STORES_MIGRATED,
    load: async () => (await import('./migrateStoresVerb.ts')).migrateStoresVerb,
  });
}
