import type { Command } from 'commander';
import { home, passphraseFile, successorsOption, url, visitor } from '../program/sharedOptions.ts';
import { addVerb } from '../program/verb.ts';
import { calledAs } from '../program/calledAs.ts';
import { option } from '../program/VerbOption.ts';
import {
  LOG_OPTION,
  RPC_OPTION,
  VERIFY_CHAIN,
  VERIFY_FILES,
  VERIFY_LOG,
  VERIFY_NETWORK,
  VERIFY_NODE,
  VERIFY_ORIGIN,
  VERIFY_PORTAL,
} from '../verify/verifyOptions.ts';

const ANY_NETWORK = option(
  '--network <file>',
  'verify against this network file (default: the device’s)',
);

const CHAINS = `A patient’s chain has all that concerns the chart. The chain of a doctor, a pharmacist, an insurer or anybody else
has all that they signed themselves, on any chart, and nothing that others did. Erased entries are not on it.`;
const SAFE =
  'Exit code: 0 if everything is safe, 1 if something is not, 2 for a wrong command line.';

/**
 * Adds the commands that look at evidence: `verify`, `audit`, `chain`, `log`.
 *
 * @param program - The command line.
 */
export function addEvidenceCommands(program: Command): void {
  const verify = addVerify(program);
  addVerifyLog(verify);
  addVerifyChain(verify);
  addVerifyExport(verify);
  addVerifyOrigin(verify);
  addVerifyNode(verify);
  addVerifyNetwork(verify);
  addVerifyFork(verify);
  addVerifyPortal(verify);
  addAudit(program);
  addChain(program);
  addLog(program);
}

function addVerify(program: Command): Command {
  return addVerb(program, {
    name: 'verify [files...]',
    about: 'verify receipts, sealed files, logs, a patient’s chain, the network file',
    args: { files: 'saved receipts, acknowledgements, histories and chains' },
    options: VERIFY_FILES,
    shared: [home(), ANY_NETWORK, successorsOption()],
    notes: `Everything is verified against the network file that this device has pinned, or that --network names. A network
file in the current folder is not trusted: whoever made false receipts could have put it there.
${SAFE}`,
    examples: [
      'verify receipts/*.json --offline',
      'verify receipts/*.json --offline --network network.json',
      'verify receipts/*.json --offline --network first.json --successors successors.json',
      'verify acknowledgement.json history.json receipts/*.json --offline',
      'verify receipt.json --record sealed.age',
      'verify receipt.json --rpc http://127.0.0.1:8545',
      'verify acknowledgement.json --rpc http://127.0.0.1:8545 --url http://127.0.0.1:8480',
      'verify log --url http://127.0.0.1:8480',
      'verify chain --home .medseal --as patient',
      'verify export anna.tar --network network.json',
      'verify node --data .medseal',
      'verify network network.json --rpc http://127.0.0.1:8545',
      'verify fork successors.json --network network.json',
      'verify portal http://127.0.0.1:8480/hospital http://127.0.0.1:8480/laboratory',
    ],
    gives: async () => (await import('../verify/verifyAnswers.ts')).FINDINGS,
    load: async () => (await import('../verify/verifyFiles.ts')).verifyFiles,
  }).enablePositionalOptions();
}

function addVerifyLog(verify: Command): void {
  addVerb(verify, {
    name: 'log',
    about: 'verify whole logs: every entry, tile, root and signature; copies; the ledger',
    options: VERIFY_LOG,
    shared: [home(), url(), ANY_NETWORK, successorsOption()],
    notes: SAFE,
    examples: [
      'verify log --url http://127.0.0.1:8480 --rpc http://127.0.0.1:8545 --log care/hospital',
    ],
    gives: async () => (await import('../verify/verifyAnswers.ts')).FINDINGS,
    load: async () => (await import('../verify/verifyLogs.ts')).verifyLogs,
  });
}

function addVerifyChain(verify: Command): void {
  addVerb(verify, {
    name: 'chain [file]',
    about: 'verify your chain, in every log, block by block',
    args: { file: 'a saved chain (default: ask the nodes)' },
    options: VERIFY_CHAIN,
    shared: visitor(),
    notes: `${CHAINS} This look becomes an entry too. A saved chain tells who did what to which chart: give it only to people
who may know that. A sealed file (\`medseal record get --sealed\`) proves for which record version it was made, to anybody who
has it: nobody gets it without a view, so it is verified if you give it.\n${SAFE}`,
    examples: [
      'verify chain',
      'verify chain --home .medseal --as patient --keep chain.json',
      'verify chain chain.json --offline --network network.json',
      'verify chain chain.json --offline --records sealed',
    ],
    interrupted: 'Nothing was changed. The patient’s audit may show that you looked.',
    gives: async () => (await import('../verify/verifyAnswers.ts')).FINDINGS,
    load: async () => (await import('../verify/verifyChain.ts')).verifyChain,
  });
}

function addVerifyExport(verify: Command): void {
  addVerb(verify, {
    name: 'export <file>',
    about: 'verify an archive of a chart, file by file, without any network',
    args: { file: 'an archive that `medseal export` made' },
    shared: [home(), ANY_NETWORK, successorsOption()],
    notes: `It asks nobody and unpacks nothing. Every record must be what its author signed, every entry of the audit must be
signed and in its place, and no record of the audit may be missing. The network file in the archive is not trusted.\n${SAFE}`,
    examples: [
      'verify export anna.tar',
      'verify export anna.tar --network network.json',
      'verify export anna.tar --network first.json --successors successors.json --json',
    ],
    gives: async () => (await import('../verify/verifyAnswers.ts')).FINDINGS,
    load: async () => (await import('../archive/verifyExport.ts')).verifyExport,
  });
}

function addVerifyOrigin(verify: Command): void {
  addVerb(verify, {
    name: 'origin <part>',
    about: 'verify who wrote a record elsewhere that a patient brought along, without any network',
    args: { part: 'the record, as `medseal record get --raw` writes it' },
    options: VERIFY_ORIGIN,
    shared: [home(), ANY_NETWORK, successorsOption()],
    notes: `The network file is that of the network that the record comes from. It asks nobody. It proves who wrote the record
and when, and that a quorum there judged it; not that the chart there was this patient’s.\n${SAFE}`,
    examples: [
      'verify origin allergy.json --network first-network.json',
      'verify origin letter.json --file letter.pdf --network first-network.json --json',
    ],
    gives: async () => (await import('../verify/verifyAnswers.ts')).FINDINGS,
    load: async () => (await import('../archive/verifyOrigin.ts')).verifyOrigin,
  });
}

function addVerifyNode(verify: Command): void {
  addVerb(verify, {
    name: 'node',
    about: 'verify a stopped network’s folder: every row, body and sealed file at rest',
    options: VERIFY_NODE,
    shared: [passphraseFile()],
    notes: SAFE,
    examples: [
      'verify node --data .medseal --network network.json',
      'verify node --data hospital --config hospital/medseal.json',
    ],
    gives: async () => (await import('../verify/verifyAnswers.ts')).FINDINGS,
    load: async () => (await import('../verify/verifyNode.ts')).verifyNode,
  });
}

function addVerifyNetwork(verify: Command): void {
  addVerb(verify, {
    name: 'network [file]',
    about: 'verify a network file, and list the changes of it that are to come',
    args: { file: 'the network file (default: the device’s)' },
    options: VERIFY_NETWORK,
    shared: [home(), successorsOption()],
    notes: SAFE,
    examples: [
      'verify network network.json --url http://127.0.0.1:8480 --rpc http://127.0.0.1:8545',
      'verify network first.json --successors successors.json --rpc http://127.0.0.1:8545',
    ],
    gives: async () => (await import('../verify/verifyAnswers.ts')).NETWORK_FINDINGS,
    load: async () => (await import('../verify/verifyNetwork.ts')).verifyNetwork,
  });
}

function addVerifyFork(verify: Command): void {
  addVerb(verify, {
    name: 'fork <file>',
    about:
      'verify proof of two signed changes of a network in one place, or of two signed blocks of one height, and name the signers',
    args: {
      file: 'the answer of a node’s /v1/successors, or succession-fork.json or conflict-….json of a folder',
    },
    shared: [home(), ANY_NETWORK, successorsOption()],
    notes: `It asks nobody. Everything is verified against the network file that this device has pinned, or that --network
names: the first one, or one before the fork. The answer of /v1/successors has all successors that lead from it to the fork;
a file of the folder may need --successors. Whoever signed both did it, or others have its keys: proofs do not tell which.
Two blocks can have two signers: then one of them does not follow the ledger, and the proof does not tell which one.
Exit code: 0 if the proof holds, 1 if it proves nothing, 2 for a wrong command line.`,
    examples: [
      'verify fork successors.json --network network.json',
      'verify fork succession-fork.json --network first.json --successors successors.json --json',
      'verify fork conflict-7.json --network network.json',
    ],
    gives: async () => (await import('../verify/verifyAnswers.ts')).FORK_PROVEN,
    load: async () => (await import('../verify/verifyFork.ts')).verifyFork,
  });
}

function addVerifyPortal(verify: Command): void {
  addVerb(verify, {
    name: 'portal <urls...>',
    about: 'verify that nodes serve one and the same portal, the one of this package, file by file',
    args: {
      urls: 'addresses of agents or of their portals, such as http://127.0.0.1:8480/hospital',
    },
    options: VERIFY_PORTAL,
    shared: [home(), ANY_NETWORK, successorsOption()],
    notes: `Another version of Medseal has another page: compare nodes of one version. A node can serve other people another
page than you. With the network file that this device has pinned, or that --network names, it also verifies what each
organisation signed about its portal.\n${SAFE}`,
    examples: [
      'verify portal http://127.0.0.1:8480/hospital http://127.0.0.1:8480/laboratory',
      'verify portal https://medseal.hospital.example/hospital/portal/ --network network.json --json',
    ],
    gives: async () => (await import('../verify/verifyAnswers.ts')).PORTAL_FINDINGS,
    load: async () => (await import('../verify/verifyPortal.ts')).verifyPortal,
  });
}

function addAudit(program: Command): void {
  addVerb(program, {
    name: 'audit',
    about: 'show a patient in plain words who wrote or saw what, and who was refused',
    options: [
      RPC_OPTION,
      option(
        '--fhir <file>',
        'also write it to this file: AuditEvents and Provenances of FHIR R4, in a Bundle',
      ),
      option('--afresh', 'verify every entry again, and not only those since the last audit'),
    ],
    shared: visitor(),
    notes: `This look becomes an entry too, which the next audit shows. The audit waits for a checkpoint that covers it, as
long as the coordinators promised: about 70 seconds at most. If none comes, the audit shows what the last checkpoint
covers, and says that the promise was broken. The device keeps, sealed, what it verified: the next audit verifies new
entries only, and fails if the log or its list differs from what was verified before.
Exit code: 0 if everything shown was verified, 1 if something failed, 2 for a wrong command line.`,
    examples: [
      'audit',
      'audit --fhir audit.json',
      'audit --home .medseal --as patient --rpc http://127.0.0.1:8545',
    ],
    interrupted: 'Nothing was changed. The patient’s audit may show that you looked.',
    gives: async () => (await import('./evidenceAnswers.ts')).AUDITED,
    load: async () => (await import('./audit.ts')).audit,
  });
}

function addChain(program: Command): void {
  addVerb(program, {
    name: 'chain',
    about: 'show your chain of blocks, each safe or not',
    shared: visitor(),
    notes: `${CHAINS} This look becomes an entry too.\n${SAFE}`,
    examples: ['chain', 'chain --home .medseal --as patient --json', 'chain --as doctor'],
    interrupted: 'Nothing was changed. The patient’s audit may show that you looked.',
    gives: async () => (await import('./evidenceAnswers.ts')).CHAIN_SHOWN,
    load: async () => (await import('./showChain.ts')).showChain,
  });
}

function addLog(program: Command): void {
  addVerb(program, {
    name: 'log',
    about: 'show logs: their newest checkpoints, or every checkpoint, batch or entry',
    options: [
      LOG_OPTION,
      option('--checkpoints', 'show every checkpoint, with its place on the ledger'),
      option('--batches', 'show P1’s numbered blocks, with the fields of their headers'),
      option('--entries', 'show every entry'),
      option('--history <file>', 'with --log: save the log in this file, as it is now'),
    ],
    shared: [home(), url(), ANY_NETWORK],
    notes: `The output is not verified: use "${calledAs('verify log')}" for that. "${calledAs('verify')}" verifies a saved history offline, and
compares it with what was promised.`,
    examples: [
      'log --url http://127.0.0.1:8480',
      'log --url http://127.0.0.1:8480 --log care/hospital --batches',
      'log --log care/hospital --history hospital.json',
    ],
    gives: async () => (await import('./evidenceAnswers.ts')).LOG_SHOWN,
    load: async () => (await import('./showLog.ts')).showLog,
  });
}
