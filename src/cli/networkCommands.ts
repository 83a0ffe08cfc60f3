import type { Command } from 'commander';
import {
  collect,
  home,
  passphraseFile,
  port,
  url,
  visitor,
  wait,
  yes,
} from './program/sharedOptions.ts';
import type { Terminal } from './terminal/Terminal.ts';
import { addVerb } from './program/verb.ts';
import { option } from './program/VerbOption.ts';

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
    about: 'run a whole network in one process: three organisations and their ledger',
    options: [
      option('--demo', 'enrol demonstration parties with keys that are not encrypted'),
      option('--no-charts', 'leave the demonstration’s charts empty, and no device measures'),
      option('--no-wearable', 'let no device measure in the demonstration'),
      option(
        '--unguarded',
        'found it without a release key: anybody who kept keys and a file can read unseen',
      ),
      // Networks are guarded without it: whoever types it is not led to its contrary.
      option('--guarded', 'found it with a release key, as without this option')
        .hideHelp()
        .conflicts('unguarded'),
      option('--data <folder>', 'keep all data in this folder').default('.medseal'),
      option('--port <number>', 'serve parties on this port; 0: any free one')
        .argParser(port)
        .default(8480),
      option('--rpc-port <number>', 'serve the ledger’s JSON-RPC on this port; 0: any free one')
        .argParser(port)
        .default(8545),
      option('--operate-port <number>', 'serve the operator’s page on this port; 0: any free one')
        .argParser(port)
        .default(0),
      option('--origin <origin>', 'let web pages of this origin call the agents; repeatable')
        .argParser(collect)
        .default([], 'none'),
    ],
    notes: 'With --json it prints one document when it is ready. Ctrl-C stops it.',
    examples: ['dev --demo', 'dev --demo --data /tmp/network --port 0 --rpc-port 0 --json'],
    runsOn: true,
    gives: async () => (await import('./networkAnswers.ts')).NETWORK_READY,
    load: async () => (await import('./dev.ts')).dev,
  });
}

function addScenario(program: Command): void {
  addVerb(program, {
    name: 'scenario',
    about: 'play the papers’ scenario: seal, share, read and amend a record, and revoke the right',
    options: [
      option(
        '--broker <url>',
        'reach the gateway of sensors by this broker for MQTT instead of one of its own',
      ).implies({ sensors: true }),
      option(
        '--bundle <file>',
        'use this FHIR R4 bundle in JSON; repeatable, for more patients',
      ).argParser(collect),
      option('--care', 'play care instead: a visit, a prescription, a claim, birth and death'),
      option(
        '--custody',
        'play custody instead: somebody acts for a patient, a lost key, a correction in its term',
      ).conflicts(['care', 'sensors', 'bundle']),
      option('--data <folder>', 'keep the scenario’s network in this folder'),
      option(
        '--unguarded',
        'found its network without a release key: anybody who kept keys and a file can read unseen',
      ),
      option('--guarded', 'found it with a release key, as without this option')
        .hideHelp()
        .conflicts('unguarded'),
      option(
        '--issuer <folder>',
        'let the node’s folder of the insurer’s organisation issue the units that pay a claim',
      ),
      option(
        '--network <path>',
        'play on the network that runs in this folder, with people of its own; or trust this network file (default: the device’s)',
      ),
      option('--receipts <folder>', 'save the receipts of the entries in this folder'),
      option(
        '--sensors',
        'play a wearable instead: bound, read, exported, lost; its gateway, and what is refused',
      ).conflicts(['care', 'bundle']),
      wait(),
    ],
    shared: [home(), url(), passphraseFile()],
    notes: `It runs on a network of its own. With --network, a folder, it runs on the network whose nodes run there, such as that of
dev or of npm run consortium: people are enrolled as far as they are needed, and stay if it is a demonstration. With --home
or --url it runs with the keys of a device. Care takes a device with the keys of two
patients, doctors, pharmacists, insurers and verifiers each, and of a registrar. One verifier is of the first insurer’s
organisation, and another of neither that one nor the first doctor’s. Without units the insurer denies the claim. Sensors
take a patient, a pharmacist, and two doctors, one of whom is the gateway there. Custody takes two patients and two doctors, and
nobody loses a key there. Days pass on a network of its own that is not kept; elsewhere steps that take days are left out.
Exit code: 0 if every step went as the papers say, 1 if one did not.`,
    examples: [
      'scenario',
      'scenario --care',
      'scenario --custody',
      'scenario --sensors',
      'scenario --bundle patient.json --json',
      'scenario --data network --receipts receipts',
      'scenario --wait receipt',
      'scenario --network .consortium',
      'scenario --home .medseal',
      'scenario --care --home .medseal --issuer insurer',
    ],
    interrupted: 'The steps that were shown took place.',
    gives: async () => (await import('./networkAnswers.ts')).SCENARIO_PLAYED,
    load: async () => (await import('../../demo/stage/scenario.ts')).scenario,
  });
}

function addJoin(program: Command): void {
  addVerb(program, {
    name: 'join <url...>',
    about: 'pin a network’s file on this device, and store the addresses of its nodes',
    args: {
      url: 'address of the nodes, such as http://127.0.0.1:8480; for a node elsewhere <organisation>=<url>',
    },
    options: [
      option('--network <file>', 'pin this network file, which someone you trust gave you'),
      option('--fingerprint <hash>', 'require this fingerprint, which someone you trust told you'),
    ],
    shared: [home(), yes()],
    notes: `All trust starts from the network file. Without --network, the node itself sends it: compare its fingerprint
with someone you trust before you say yes. A device belongs to one network for good.`,
    examples: [
      'join http://127.0.0.1:8480 --network network.json',
      'join http://127.0.0.1:8480 --home ~/anna --yes',
      'join https://medseal.hospital.example laboratory=https://medseal.laboratory.example',
    ],
    interrupted: 'The network file may be pinned. Run it again: that is safe.',
    gives: async () => (await import('./networkAnswers.ts')).NETWORK_JOINED,
    load: async () => (await import('./join.ts')).join,
  });
}

function addStatus(program: Command): void {
  addVerb(program, {
    name: 'status',
    about: 'show this device’s network, nodes and keys, and what needs attention',
    shared: visitor(),
    notes: `For a patient whose key is unlocked it also seals the keys that others wait for.
Exit code: 0 if every node answers, 1 if one does not.`,
    examples: ['status', 'status --home .medseal --as patient'],
    interrupted: 'Some of the keys that others wait for may be sealed. Run it again for the rest.',
    gives: async () => (await import('./networkAnswers.ts')).STATUS_SHOWN,
    load: async () => (await import('./showStatus.ts')).showStatus,
  });
}

function addCompletion(program: Command): void {
  addVerb(program, {
    name: 'completion <shell>',
    about: 'print a script with which a shell completes medseal’s commands and options',
    args: { shell: 'bash, zsh or fish' },
    notes: 'For zsh, ~/.zfunc must be in fpath.',
    examples: [
      'completion bash > ~/.local/share/bash-completion/completions/medseal',
      'completion zsh > ~/.zfunc/_medseal',
      'completion fish > ~/.config/fish/completions/medseal.fish',
    ],
    gives: async () => (await import('./networkAnswers.ts')).COMPLETION_MADE,
    load: async () => {
      const { completion } = await import('./completion/completion.ts');
      return async (terminal: Terminal, shell: string) =>
        await completion(terminal, program, shell);
    },
  });
}
