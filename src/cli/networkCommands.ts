import { Option, type Command } from 'commander';
import {
  collect,
  home,
  networkOption,
  passphraseFile,
  port,
  url,
  visitor,
  wait,
  yes,
} from './sharedOptions.ts';
import type { Terminal } from './terminal/Terminal.ts';
import { addVerb } from './verb.ts';

/**
 * Adds the commands about a network as a whole: `dev`, `scenario`, `join`, `status`.
 *
 * @param program - The command line.
 */
export function addNetworkCommands(program: Command): void {
  addDev(program);
  addScenario(program);
  addJoin(program);
  addStatus(program);
  addCompletion(program);
}

function addDev(program: Command): void {
  addVerb(program, {
    name: 'dev',
    about: 'run a whole network in this process: three organisations and their ledger',
    options: [
      new Option('--demo', 'enrol demonstration parties with keys that are not encrypted'),
      new Option('--data <folder>', 'where everything is kept').default('.medseal'),
      new Option('--port <number>', 'port of the agents; 0: any free one')
        .argParser(port)
        .default(8480),
      new Option('--rpc-port <number>', 'port of the ledger’s JSON-RPC; 0: any free one')
        .argParser(port)
        .default(8545),
      new Option('--origin <origin>', 'a web page’s origin that may call the agents; repeatable')
        .argParser(collect)
        .default([], 'none'),
    ],
    notes: 'With --json it prints its one document when it is ready. Ctrl-C stops it.',
    examples: ['dev --demo', 'dev --demo --data /tmp/network --port 0 --rpc-port 0 --json'],
    load: async () => (await import('./dev.ts')).dev,
  });
}

function addScenario(program: Command): void {
  addVerb(program, {
    name: 'scenario',
    about: 'play the papers’ scenario: a record is sealed, shared, read, amended, revoked',
    options: [
      new Option('--bundle <file>', 'a FHIR R4 bundle in JSON; again for more patients').argParser(
        collect,
      ),
      new Option('--data <folder>', 'keep the network that it is played on in this folder'),
      new Option('--receipts <folder>', 'keep the receipts of the entries in this folder'),
      wait(),
    ],
    shared: [home(), url(), networkOption(), passphraseFile()],
    notes: `It is played on a network of its own, or with --home or --url on one that runs.
Exit code: 0 when every step went as the papers have it, 1 when one did not.`,
    examples: [
      'scenario',
      'scenario --bundle patient.json --json',
      'scenario --data network --receipts receipts',
      'scenario --wait receipt',
      'scenario --home .medseal',
    ],
    load: async () => (await import('./scenario.ts')).scenario,
  });
}

function addJoin(program: Command): void {
  addVerb(program, {
    name: 'join <url...>',
    about: 'pin a network’s file on this device, and remember where its nodes are',
    args: {
      url: 'address of the nodes, such as http://127.0.0.1:8480; <organisation>=<url> of those elsewhere',
    },
    options: [
      new Option('--network <file>', 'the network file, as someone you trust gave it to you'),
      new Option('--fingerprint <hash>', 'its fingerprint, as someone you trust told you'),
    ],
    shared: [home(), yes()],
    notes: `All trust starts from the network file. Without --network it comes from the node itself: compare its
fingerprint with someone you trust before you say yes. A device belongs to one network for good.`,
    examples: [
      'join http://127.0.0.1:8480 --network network.json',
      'join http://127.0.0.1:8480 --home ~/anna --yes',
      'join https://medseal.hospital.example laboratory=https://medseal.laboratory.example',
    ],
    load: async () => (await import('./home/join.ts')).join,
  });
}

function addStatus(program: Command): void {
  addVerb(program, {
    name: 'status',
    about: 'show how this device stands: network, nodes, keys, and what waits',
    shared: visitor(),
    notes: `For a patient whose key is open it also seals the keys that others wait for.
Exit code: 0 when every node answers, 1 when one does not.`,
    examples: ['status', 'status --home .medseal --as patient'],
    load: async () => (await import('./showStatus.ts')).showStatus,
  });
}

function addCompletion(program: Command): void {
  addVerb(program, {
    name: 'completion <shell>',
    about: 'print what makes a shell complete medseal’s commands and options',
    args: { shell: 'bash, zsh or fish' },
    notes: `bash: medseal completion bash > ~/.local/share/bash-completion/completions/medseal
zsh:  medseal completion zsh > ~/.zfunc/_medseal   (with ~/.zfunc in fpath)
fish: medseal completion fish > ~/.config/fish/completions/medseal.fish`,
    examples: ['completion bash', 'completion zsh', 'completion fish'],
    load: async () => {
      const { completion } = await import('./completion/completion.ts');
      return async (terminal: Terminal, shell: string) =>
        await completion(terminal, program, shell);
    },
  });
}
