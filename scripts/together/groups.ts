import { globSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
/** Parts of `src/`, and the portal, whose quick tests share a process: they change nothing of it, and most load the same. */
const PARTS = {
  client: ['{client,scenario}/**'],
  commands: [
    'cli/@(authority|devices|output|scenario|sharing|showStatus).test.ts',
    'cli/verify/@(begunChanges|convicted|liars|verifyFork).test.ts',
    'cli/{consent,contact,demo,device,evidence,home,keeping,key,mistake,network,record,right,rule,sensors,vital}/**',
  ],
  pure: ['{bindings,consortium,crypto,errors,fhir,log,protocol,vault}/**'],
  disk: ['{backup,database,folder,fsck,http,peers,sensors}/**'],
  machine: [
    '{device,ledger,native}/**',
    'node/{atLedger,configuration,dealing,founding,operate,operator,readers,run,succession}/**',
    'node/@(connectNodeLedger|consortium|exposedNode|fullDisk|lateLedger|migrations|openAuthority|openShares|repeatedly|SenderAdmission|tlsIdentityOf).test.ts',
  ],
  services: [
    'services/**',
    'node/@(adversaries|secretsHidden).test.ts',
    'node/test/adversaries/**',
  ],
  portal: ['portal/!(*.slow).test.ts', 'portal/{src,test}/**/!(*.slow).test.ts'],
} as const;

/** A group of test files that share a process. */
export type Group = keyof typeof PARTS;
/** All groups. */
export const GROUPS = Object.keys(PARTS) as readonly Group[];

/** The quick test files of a group, from the project's folder. */
export function filesOf(group: Group): readonly string[] {
  return PARTS[group].flatMap((part) => {
    if (part.startsWith('portal/')) return quickTests(part);
    return quickTests(`src/${part.endsWith('**') ? `${part}/!(*.slow).test.ts` : part}`);
  });
}

/** The files that a pattern names, from the project's folder, in their order. */
export function quickTests(pattern: string): readonly string[] {
  return globSync(pattern, { cwd: ROOT }).toSorted();
}
