import type { Command } from 'commander';
import { NODE } from '../node/nodeOptions.ts';
import { yes } from '../program/sharedOptions.ts';
import { addNoun, addVerb } from '../program/verb.ts';
import { VAULT_MIGRATE } from './vaultOptions.ts';

/**
 * Adds the commands about the place of a node's sealed files: `vault …`.
 *
 * @param program - The command line.
 */
export function addVaultCommands(program: Command): void {
  const vault = addNoun(program, 'vault', 'keep the sealed files of a node elsewhere');
  addVerb(vault, {
    name: 'migrate',
    about: 'copy the sealed files of a stopped node to another store, and verify each there',
    options: VAULT_MIGRATE,
    notes: `It copies from the store that the configuration names, and removes nothing there. It can be interrupted and run
again: what is whole in the new store is not copied twice. Afterwards set vault.store in medseal.json and start the node.
Exit code: 0 if every file is there, 1 if some were lost before, which peers may have.`,
    examples: [
      'vault migrate --data hospital --to s3:https://objects.example.org/medseal',
      'vault migrate --data hospital --to ipfs:http://127.0.0.1:5001',
    ],
    interrupted: 'Files that were copied stay. Run it again: it goes on where it was.',
    gives: async () => (await import('./vaultAnswers.ts')).VAULT_MIGRATED,
    load: async () => (await import('./migrateVerb.ts')).migrateVerb,
  });
  addVerb(vault, {
    name: 'take',
    about: 'take a store over from another folder, in whose place a stopped node’s was restored',
    options: NODE,
    shared: [yes()],
    notes: `A bucket or an IPFS folder has the id of the one folder that changes it. A folder that was restored from a backup has another
id, so that it deletes nothing that the original still owns. Run this once the original never runs again.`,
    examples: ['vault take --data hospital'],
    interrupted: 'The store may be this folder’s. Run it again: that is safe.',
    gives: async () => (await import('./vaultAnswers.ts')).STORE_TAKEN_OVER,
    load: async () => (await import('./takeVerb.ts')).takeVerb,
  });
}
